package wire_test

import (
	"bytes"
	"testing"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

func FuzzReadPush(f *testing.F) {
	f.Add([]byte(`{"p":1,"town":"01930000-0000-7000-8000-000000000001","inc":"01930000-0000-7000-8000-000000000002","turn":1,"head":null,"wall":1,"pending":0,"oldest":null,"persisted":true,"app":"","events":[{"id":"x","inc":"y","n":1,"seal":"none","ev":"{}","sig":null,"again":false}]}`))
	f.Add([]byte(`{"p":1,"p":1}`))
	f.Add([]byte("{\"app\":\"\xff\"}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		req := &wire.PushRequest{}
		if err := wire.Read(bytes.NewReader(b), 1<<16, req); err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
				t.Errorf("%q: %v", b, err)
			}
			return
		}
		var out bytes.Buffer
		again := &wire.PushRequest{}
		if err := wire.Write(&out, req); err != nil {
			t.Fatal(err)
		}
		if err := wire.Read(&out, 1<<20, again); err != nil {
			t.Errorf("%q is taken, and not as it is written anew: %v", b, err)
		}
	})
}
