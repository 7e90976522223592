// Command bento is Bento with only what its pipeline here needs.
package main

import (
	"context"

	_ "github.com/warpstreamlabs/bento/public/components/avro"
	_ "github.com/warpstreamlabs/bento/public/components/cassandra"
	_ "github.com/warpstreamlabs/bento/public/components/kafka"
	_ "github.com/warpstreamlabs/bento/public/components/pure"
	"github.com/warpstreamlabs/bento/public/service"
)

func main() {
	service.RunCLI(context.Background())
}
