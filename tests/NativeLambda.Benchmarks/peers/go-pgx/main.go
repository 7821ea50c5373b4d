// The products function in Go with pgx: the connection opens in Init and stays.
package main

import (
	"context"
	"runtime/debug"
)

func main() {
	api, err := connectRuntimeAPI()
	if err != nil {
		panic(err)
	}
	database, err := connectDatabase(context.Background())
	if err != nil {
		api.initError(err)
	}
	function := products{database: database}
	for first := true; ; first = false {
		invocation, err := api.next()
		if err != nil {
			panic(err)
		}
		if response, err := function.handle(invocation.event); err == nil {
			err = api.respond(invocation.id, response)
			if err != nil {
				panic(err)
			}
		} else if err := api.fail(invocation.id, err); err != nil {
			panic(err)
		}
		if first {
			// The first few megabytes are collected by no setting; after them, a collection is worth its time less often.
			debug.SetGCPercent(400)
		}
	}
}
