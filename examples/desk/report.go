package main

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"example.com/sla/servicetime"
)

type reportRequest struct {
	Month     servicetime.Month         `json:"month"`
	AsOf      instant                   `json:"as_of"`
	Records   map[string]jsontext.Value `json:"records"`
	Agreement jsontext.Value            `json:"agreement"`
}

func opReport(d *desk, r *reportRequest) (any, error) { return nil, errors.New("later") }
