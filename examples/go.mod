module example.com/sla/examples

go 1.26.0

require example.com/sla v0.0.0

replace example.com/sla => ../
