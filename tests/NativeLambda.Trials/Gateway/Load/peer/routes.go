package main

import (
	"net/url"
	"strings"
)

// route is a method and a path's template, such as /products/{id} or /files/{proxy+}.
type route struct {
	key, method, function string
	segments              []string
}

func newRoute(key, function string) *route {
	space := strings.IndexByte(key, ' ')
	return &route{key: key, method: key[:space], function: function, segments: strings.Split(key[space+2:], "/")}
}

// find takes the first that fits; the table is in the order of precedence.
func find(routes []*route, method, path string) (*route, [][2]string) {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for _, r := range routes {
		if r.method != "ANY" && r.method != method {
			continue
		}
		if parameters, ok := r.match(segments); ok {
			return r, parameters
		}
	}
	return nil, nil
}

func (r *route) match(segments []string) ([][2]string, bool) {
	var parameters [][2]string
	for i, want := range r.segments {
		if i >= len(segments) {
			return nil, false
		}
		if !strings.HasPrefix(want, "{") {
			if want != segments[i] {
				return nil, false
			}
			continue
		}
		name := want[1 : len(want)-1]
		if strings.HasSuffix(name, "+") {
			return append(parameters, [2]string{name[:len(name)-1], unescape(strings.Join(segments[i:], "/"))}), true
		}
		parameters = append(parameters, [2]string{name, unescape(segments[i])})
	}
	return parameters, len(segments) == len(r.segments)
}

func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	if decoded, err := url.PathUnescape(s); err == nil {
		return decoded
	}
	return s
}

// queryParameters decodes a query; values of one name are joined by commas.
func queryParameters(query string) [][2]string {
	if query == "" {
		return nil
	}
	var parameters [][2]string
next:
	for _, pair := range strings.Split(query, "&") {
		if pair == "" {
			continue
		}
		name, value := pair, ""
		if equals := strings.IndexByte(pair, '='); equals >= 0 {
			name, value = pair[:equals], pair[equals+1:]
		}
		name, value = queryUnescape(name), queryUnescape(value)
		for i := range parameters {
			if parameters[i][0] == name {
				parameters[i][1] += "," + value
				continue next
			}
		}
		parameters = append(parameters, [2]string{name, value})
	}
	return parameters
}

func queryUnescape(s string) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	if decoded, err := url.QueryUnescape(s); err == nil {
		return decoded
	}
	return s
}

func isText(contentType string) bool {
	if semicolon := strings.IndexByte(contentType, ';'); semicolon >= 0 {
		contentType = contentType[:semicolon]
	}
	contentType = strings.ToLower(strings.TrimSpace(contentType))
	return strings.HasPrefix(contentType, "text/") || contentType == "application/json" || contentType == "application/javascript" || contentType == "application/xml"
}
