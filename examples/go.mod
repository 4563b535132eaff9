module example.com/sla/examples

go 1.26.0

require (
	example.com/sla v0.0.0
	github.com/go-json-experiment/json v1.27.2
	github.com/rickar/cal/v2 v2.1.27
	github.com/stretchr/testify v1.12.1
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect

replace example.com/sla => ../
