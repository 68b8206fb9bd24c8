package httpapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

const documentFile = "../../docs/api/openapi.yaml"

// document is docs/api/openapi.yaml: what it promises about routes and bodies.
type document struct {
	paths    map[string]map[string]any
	compiler *jsonschema.Compiler
	mu       sync.Mutex
	schemas  map[string]*jsonschema.Schema
}

var theDocument = sync.OnceValues(readDocument)

func openDocument(t testing.TB) *document {
	t.Helper()
	d, err := theDocument()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func readDocument() (*document, error) {
	text, err := os.ReadFile(documentFile)
	if err != nil {
		return nil, err
	}
	var tree any
	if err := yaml.Unmarshal(text, &tree); err != nil {
		return nil, err
	}
	asJSON, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	root, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		return nil, err
	}
	d := &document{paths: map[string]map[string]any{}, compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}}
	d.compiler.AssertFormat()
	for path, item := range root.(map[string]any)["paths"].(map[string]any) {
		d.paths[path] = item.(map[string]any)
	}
	return d, d.compiler.AddResource("openapi.yaml", root)
}

// operations lists what the document has, as "METHOD path", and whether anyone may ask.
func (d *document) operations() map[string]bool {
	out := map[string]bool{}
	for path, item := range d.paths {
		for method, op := range item {
			security, said := op.(map[string]any)["security"].([]any)
			out[strings.ToUpper(method)+" "+path] = said && len(security) == 0
		}
	}
	return out
}

// check validates a reply against the document: status, content type and body.
func (d *document) check(method, path string, status int, header http.Header, body []byte) error {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil && len(body) > 0 {
		return fmt.Errorf("content type of the reply: %w", err)
	}
	at, ok := d.place(method, path)
	if !ok {
		return d.validate("#/components/schemas/Problem", body)
	}
	responses := at["responses"].(map[string]any)
	pointer := "#/paths/" + escape(path) + "/" + strings.ToLower(method) + "/responses/"
	answer, ok := responses[fmt.Sprint(status)].(map[string]any)
	if pointer += fmt.Sprint(status); !ok {
		return d.problem(kind, body)
	}
	content, ok := answer["content"].(map[string]any)
	switch {
	case !ok && len(body) > 0:
		return fmt.Errorf("%d has no content and got %.80q", status, body)
	case !ok:
		return nil
	case content[kind] == nil:
		return fmt.Errorf("%d of %s is not promised as %q", status, path, kind)
	case kind != "application/json":
		return nil
	}
	return d.validate(pointer+"/content/"+escape(kind)+"/schema", body)
}

func (d *document) problem(kind string, body []byte) error {
	if kind != "application/problem+json" {
		return fmt.Errorf("a problem came as %q: %.200s", kind, body)
	}
	return d.validate("#/components/schemas/Problem", body)
}

// place finds the operation of a path of the table.
func (d *document) place(method, path string) (map[string]any, bool) {
	op, ok := d.paths[path][strings.ToLower(method)].(map[string]any)
	return op, ok
}

func (d *document) validate(pointer string, body []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.schemas[pointer]
	if s == nil {
		var err error
		if s, err = d.compiler.Compile("openapi.yaml" + pointer); err != nil {
			return err
		}
		d.schemas[pointer] = s
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("not JSON: %w: %.200s", err, body)
	}
	if err := s.Validate(v); err != nil {
		return fmt.Errorf("%w\nin %.2000s", err, body)
	}
	return nil
}

func escape(s string) string {
	s = strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
	return strings.NewReplacer("{", "%7B", "}", "%7D").Replace(s)
}
