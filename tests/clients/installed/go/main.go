package main

import (
	"fmt"

	"github.com/simpleforce/simpleforce"
)

func main() { fmt.Println(simpleforce.DefaultURL) }
