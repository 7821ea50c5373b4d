package main

import (
	"context"
	"crypto/tls"
	"os"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgproto3/v2"
)

// statement is one that the database prepares under its name.
type statement struct {
	name     string
	sql      string
	prepared bool
}

// database is pgx's own lower layer, which sends what it is told and nothing else: pgx.Conn would build a registry of types and
// spend a flight on describing each statement.
type database struct {
	connection *pgconn.PgConn
	find       statement
	list       statement
	message    []byte
}

func connectDatabase(ctx context.Context) (*database, error) {
	d := &database{
		find: statement{name: "find", sql: "SELECT name, price, stock FROM products WHERE id = $1"},
		list: statement{name: "list", sql: "SELECT id, name, price, stock FROM products WHERE id > $1 ORDER BY id LIMIT $2"},
	}
	return d, d.connect(ctx)
}

func (d *database) connect(ctx context.Context) (err error) {
	// Everything comes from the PG* variables.
	d.find.prepared, d.list.prepared = false, false
	config, err := pgconn.ParseConfig("")
	if err != nil {
		return err
	}
	if config.TLSConfig != nil {
		// Before version 18 a PostgreSQL server takes P-256 and nothing else: any other guess costs a flight.
		config.TLSConfig.CurvePreferences = []tls.CurveID{tls.CurveP256, tls.X25519, tls.CurveP384}
	}
	d.connection, err = pgconn.ConnectConfig(ctx, config)
	return err
}

// query runs a statement, which the flight of its first execution also prepares, and gives each row, in text, to read.
func (d *database) query(ctx context.Context, s *statement, read func(row [][]byte), parameters ...[]byte) error {
	if d.connection.IsClosed() {
		if err := d.connect(ctx); err != nil {
			return err
		}
	}
	message := d.message[:0]
	if !s.prepared {
		message = (&pgproto3.Parse{Name: s.name, Query: s.sql}).Encode(message)
	}
	message = (&pgproto3.Bind{PreparedStatement: s.name, Parameters: parameters}).Encode(message)
	message = (&pgproto3.Describe{ObjectType: 'P'}).Encode(message)
	message = (&pgproto3.Execute{}).Encode(message)
	message = (&pgproto3.Sync{}).Encode(message)
	d.message = message
	if err := d.connection.SendBytes(ctx, message); err != nil {
		return err
	}
	results := d.connection.ReceiveResults(ctx)
	for results.NextResult() {
		for rows := results.ResultReader(); rows.NextRow(); {
			read(rows.Values())
		}
	}
	err := results.Close()
	s.prepared = s.prepared || err == nil
	return err
}

func init() {
	// pgconn asks for the account's home directory, where no file is wanted.
	if os.Getenv("HOME") == "" {
		os.Setenv("HOME", "/")
	}
}
