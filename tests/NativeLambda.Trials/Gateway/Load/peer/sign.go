package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"sync/atomic"
	"time"
)

// signer signs requests to Lambda by AWS Signature Version 4; what lasts for a day is kept.
type signer struct {
	key, secret, region, host string
	day                       atomic.Value // *day
}

type day struct {
	date, scope string
	key         []byte
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func (s *signer) today(date string) *day {
	if d, ok := s.day.Load().(*day); ok && d.date == date {
		return d
	}
	d := &day{date: date, scope: date + "/" + s.region + "/lambda/aws4_request"}
	d.key = mac(mac(mac(mac([]byte("AWS4"+s.secret), date), s.region), "lambda"), "aws4_request")
	s.day.Store(d)
	return d
}

const signedHeaders = "content-type;host;x-amz-date;x-amz-invocation-type"

// authorize gives the values of X-Amz-Date and Authorization.
func (s *signer) authorize(path string, payload []byte, now time.Time) (string, string) {
	stamp := now.UTC().Format("20060102T150405Z")
	d := s.today(stamp[:8])
	hash := sha256.Sum256(payload)
	canonical := make([]byte, 0, 512)
	canonical = append(canonical, "POST\n"...)
	canonical = append(canonical, path...)
	canonical = append(canonical, "\n\ncontent-type:application/json\nhost:"...)
	canonical = append(canonical, s.host...)
	canonical = append(canonical, "\nx-amz-date:"...)
	canonical = append(canonical, stamp...)
	canonical = append(canonical, "\nx-amz-invocation-type:RequestResponse\n\n"+signedHeaders+"\n"...)
	canonical = appendHex(canonical, hash[:])
	hash = sha256.Sum256(canonical)
	toSign := append(canonical[:0], "AWS4-HMAC-SHA256\n"...)
	toSign = append(toSign, stamp...)
	toSign = append(toSign, '\n')
	toSign = append(toSign, d.scope...)
	toSign = append(toSign, '\n')
	toSign = appendHex(toSign, hash[:])
	h := hmac.New(sha256.New, d.key)
	h.Write(toSign)
	header := append(make([]byte, 0, 256), "AWS4-HMAC-SHA256 Credential="...)
	header = append(header, s.key...)
	header = append(header, '/')
	header = append(header, d.scope...)
	header = append(header, ", SignedHeaders="+signedHeaders+", Signature="...)
	return stamp, string(appendHex(header, h.Sum(nil)))
}

func appendHex(b, data []byte) []byte {
	start := len(b)
	for range data {
		b = append(b, 0, 0)
	}
	hex.Encode(b[start:], data)
	return b
}

func invocationPath(function string) string {
	return "/2015-03-31/functions/" + url.PathEscape(function) + "/invocations"
}
