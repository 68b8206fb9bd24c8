package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestEachTestThatThePageOfTrapsNamesExists(t *testing.T) {
	page, err := os.ReadFile("../docs/what-can-lose-your-data.md")
	must(t, err)
	known := allTests(t, "..")
	named := 0
	for _, m := range regexp.MustCompile("`(Test[A-Z][A-Za-z0-9]+|[a-z]+\\.(?:test|spec)\\.ts: [^`]+)`").FindAllStringSubmatch(string(page), -1) {
		named++
		if !known[m[1]] {
			t.Errorf("there is no test %q", m[1])
		}
	}
	if named < 60 {
		t.Errorf("the page names %d tests", named)
	}
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || strings.HasPrefix(cells[1], "--") || strings.Contains(line, "| trap |") {
			continue
		}
		if regexp.MustCompile(`^ (Impossible|Survived)`).MatchString(cells[2]) && !strings.Contains(cells[3], "`") {
			t.Errorf("nothing shows %q", strings.TrimSpace(cells[1]))
		}
	}
}

// allTests has the tests of Go by name, and those of the app as "file: title".
func allTests(t *testing.T, root string) map[string]bool {
	t.Helper()
	goTest := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	appTest := regexp.MustCompile("\\b(?:it|test)\\(\\s*(?:'([^'\\n]+)'|`([^`$\\n]+)`)")
	known := map[string]bool{}
	must(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := filepath.Base(path)
		if err != nil || d.IsDir() {
			if name == "node_modules" || name == ".git" {
				return filepath.SkipDir
			}
			return err
		}
		isGo, isApp := strings.HasSuffix(name, "_test.go"), regexp.MustCompile(`\.(test|spec)\.ts$`).MatchString(name)
		if !isGo && !isApp {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if isGo {
			for _, m := range goTest.FindAllStringSubmatch(string(text), -1) {
				known[m[1]] = true
			}
			return nil
		}
		for _, m := range appTest.FindAllStringSubmatch(string(text), -1) {
			known[name+": "+m[1]+m[2]] = true
		}
		return nil
	}))
	return known
}
