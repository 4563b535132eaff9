module example.com/sla/examples

go 1.26.0

require example.com/sla v0.0.0

require github.com/rickar/cal/v2 v2.1.27 // indirect

replace example.com/sla => ../
