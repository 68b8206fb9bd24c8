package httpapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"lofteslogg/internal/access"
)

// stream opens the stream and gives what was sent so far, and the way to hang up.
func (h *house) stream(w who) (sent func() string, hangUp func(), done chan struct{}) {
	ctx, cancel := context.WithCancel(context.Background())
	rec := &streamRecorder{ResponseRecorder: httptest.NewRecorder(), to: &safeBuffer{}}
	done = make(chan struct{})
	go func() {
		defer close(done)
		h.ServeHTTP(rec, h.request(w, "GET", "/api/v1/live", "").WithContext(ctx))
	}()
	return rec.to.String, cancel, done
}

type streamRecorder struct {
	*httptest.ResponseRecorder
	to *safeBuffer
}

func (r *streamRecorder) Write(b []byte) (int, error) { return r.to.Write(b) }

func (r *streamRecorder) WriteString(s string) (int, error) { return r.to.Write([]byte(s)) }

func bubble(t *testing.T, f func(t *testing.T, h *house, w who)) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t)
		h.fake.pokes = make(chan struct{}, 1)
		h.closing = make(chan struct{})
		f(t, h, h.desk(munkfors))
	})
}

func (h *house) poke() {
	select {
	case h.fake.pokes <- struct{}{}:
	default:
	}
}

func TestPokesSayNothingAndComeAtMostFourTimesASecond(t *testing.T) {
	bubble(t, func(t *testing.T, h *house, w who) {
		sent, hangUp, done := h.stream(w)
		synctest.Wait()
		if sent() != ": welcome\n\n" {
			t.Errorf("began with %q", sent())
		}
		for range 1000 { // ten seconds of a commit every 10 ms
			time.Sleep(10 * time.Millisecond)
			h.poke()
		}
		time.Sleep(time.Second)
		if n := strings.Count(sent(), "event: poke\ndata:\n\n"); n < 35 || n > 41 {
			t.Errorf("%d pokes in ten seconds", n)
		}
		if rest := strings.NewReplacer("event: poke\ndata:\n\n", "", ": welcome\n\n", "", ": here\n\n", "").Replace(sent()); rest != "" {
			t.Errorf("also sent %q", rest)
		}
		hangUp()
		<-done
	})
}

func TestALonePokeIsSentAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T, h *house, w who) {
		sent, hangUp, done := h.stream(w)
		time.Sleep(time.Second)
		h.poke()
		synctest.Wait()
		if !strings.HasSuffix(sent(), "event: poke\ndata:\n\n") {
			t.Errorf("got %q", sent())
		}
		hangUp()
		<-done
		if !h.fake.stopped {
			t.Error("the watch was not stopped")
		}
	})
}

func TestAQuietStreamIsKeptOpenWithComments(t *testing.T) {
	bubble(t, func(t *testing.T, h *house, w who) {
		sent, hangUp, done := h.stream(w)
		time.Sleep(61 * time.Second)
		if n := strings.Count(sent(), ": here\n\n"); n != 4 {
			t.Errorf("%d comments in a minute", n)
		}
		hangUp()
		<-done
	})
}

func TestAStreamEndsWithTheRightToIt(t *testing.T) {
	bubble(t, func(t *testing.T, h *house, w who) {
		sent, _, done := h.stream(w)
		time.Sleep(time.Second)
		must(t, h.access.Revoke(munkfors, w.person.ID))
		h.poke()
		<-done
		if strings.Contains(sent(), "poke") {
			t.Error("a revoked desk was poked")
		}
	})
}

func TestAnOpenStreamDoesNotKeepAnIdleDeskSignedIn(t *testing.T) {
	bubble(t, func(t *testing.T, h *house, w who) {
		_, _, done := h.stream(w)
		time.Sleep(time.Minute)
		h.clock.pass(access.DeskIdle)
		<-done
	})
}

func TestStreamsEndWhenTheServerStops(t *testing.T) {
	h := open(t)
	_, _, done := h.stream(h.desk(munkfors))
	close(h.closing)
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatal("the stream is still open")
	}
}

func TestADeskMayHaveEightStreams(t *testing.T) {
	bubble(t, func(t *testing.T, h *house, w who) {
		var ways []func()
		for range 8 {
			_, hangUp, _ := h.stream(w)
			ways = append(ways, hangUp)
		}
		synctest.Wait()
		if got := h.ask(w, "GET", "/api/v1/live", ""); got.status != http.StatusTooManyRequests {
			t.Errorf("the ninth got %d", got.status)
		}
		for _, hangUp := range ways {
			hangUp()
		}
		synctest.Wait()
		_, hangUp, done := h.stream(w)
		synctest.Wait()
		select {
		case <-done:
			t.Error("after the others are closed it ends at once")
		default:
		}
		hangUp()
		<-done
	})
}
