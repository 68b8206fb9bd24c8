package httpapi_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/wire"
)

// wired is the API on connections of a bubble, where time passes as fast as it is slept.
type wired struct {
	*house
	conns  chan net.Conn
	server *http.Server
}

func (w *wired) Accept() (net.Conn, error) {
	c, ok := <-w.conns
	if !ok {
		return nil, http.ErrServerClosed
	}
	return c, nil
}

func (w *wired) Close() error { return nil }

func (w *wired) Addr() net.Addr { return &net.TCPAddr{} }

func onWires(t *testing.T, f func(t *testing.T, w *wired)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &wired{house: open(t), conns: make(chan net.Conn)}
		w.server = &http.Server{Handler: w.house, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = w.server.Serve(w) // that it was closed
		}()
		f(t, w)
		close(w.conns)
		_ = w.server.Close()
		<-ended
		time.Sleep(2 * time.Hour) // until those who send slowly have noticed
	})
}

func (w *wired) dial() net.Conn {
	near, far := net.Pipe()
	w.conns <- far
	return near
}

// slowly sends a push of so many bytes in pieces, and tells how it was answered and how long that took.
func (w *wired) slowly(size, piece int, every time.Duration) (status int, took time.Duration) {
	conn := w.dial()
	defer func() { _ = conn.Close() }()
	phone := w.phone(munkfors, access.Field)
	body := pushBody(munkfors)
	body = strings.Replace(body, `"ev":"{}"`, `"ev":"`+strings.Repeat("x", size-len(body)+2)+`"`, 1)
	began := time.Now()
	go func() {
		head := fmt.Sprintf("POST /api/v1/sync/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n", phone.token, len(body))
		if _, err := io.WriteString(conn, head); err != nil {
			return
		}
		for len(body) > 0 {
			n := min(piece, len(body))
			if _, err := io.WriteString(conn, body[:n]); err != nil {
				return
			}
			body = body[n:]
			time.Sleep(every)
		}
	}()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, time.Since(began)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode, time.Since(began)
}

func TestAPhoneWith50KilobitsMaySendAWholeMebibyte(t *testing.T) {
	onWires(t, func(t *testing.T, w *wired) {
		if status, took := w.slowly(wire.MaxBytes-100, 625, 100*time.Millisecond); status != 200 || took < 2*time.Minute {
			t.Errorf("%d after %v", status, took)
		}
	})
}

func TestAPhoneThatLosesTheNetworkForAQuarterOfAMinuteGoesOn(t *testing.T) {
	onWires(t, func(t *testing.T, w *wired) {
		if status, took := w.slowly(60_000, 30_000, 15*time.Second); status != 200 {
			t.Errorf("%d after %v", status, took)
		}
	})
}

func TestWhoeverSendsAByteASecondIsCutOff(t *testing.T) {
	onWires(t, func(t *testing.T, w *wired) {
		for _, every := range []time.Duration{time.Second, time.Hour} {
			if status, took := w.slowly(100_000, 1, every); status != http.StatusRequestTimeout || took > 25*time.Second {
				t.Errorf("a byte each %v: %d after %v", every, status, took)
			}
		}
	})
}

func TestWhoeverIsNotSignedInMayNotTakeLongOverABody(t *testing.T) {
	onWires(t, func(t *testing.T, w *wired) {
		for path, want := range map[string]int{"/api/v1/sync/push": 401, "/api/v1/code": 408, "/api/v1/enrol": 408, "/api/v1/desk/session": 403} {
			conn := w.dial()
			began := time.Now()
			go func() {
				_, _ = io.WriteString(conn, "POST "+path+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n")
				for {
					if _, err := io.WriteString(conn, "{"); err != nil {
						return
					}
					time.Sleep(time.Second)
				}
			}()
			r := bufio.NewReader(conn)
			res, err := http.ReadResponse(r, nil)
			must(t, err)
			if took := time.Since(began); res.StatusCode != want || took > 25*time.Second {
				t.Errorf("%s: %d after %v", path, res.StatusCode, took)
			}
			if _, err := io.Copy(io.Discard, r); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("%s: the connection was held for %v", path, took)
			}
			_ = conn.Close()
		}
	})
}

func TestAHeaderThatDoesNotEndIsNotWaitedFor(t *testing.T) {
	onWires(t, func(t *testing.T, w *wired) {
		conn := w.dial()
		began := time.Now()
		go func() {
			for _, err := io.WriteString(conn, "GET / HTTP/1.1\r\n"); err == nil; _, err = io.WriteString(conn, "X: y\r\n") {
				time.Sleep(time.Second)
			}
		}()
		_, _ = io.Copy(io.Discard, conn)
		if took := time.Since(began); took > 11*time.Second {
			t.Errorf("it took %v", took)
		}
		_ = conn.Close()
	})
}

func TestAStreamStaysOpenForHours(t *testing.T) {
	onWires(t, func(t *testing.T, w *wired) {
		conn := w.dial()
		defer func() { _ = conn.Close() }()
		phone := w.phone(munkfors, access.Field)
		go func() {
			_, _ = io.WriteString(conn, "GET /api/v1/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+phone.token+"\r\n\r\n")
		}()
		ended := make(chan error, 1)
		go func() {
			_, err := io.Copy(io.Discard, conn)
			ended <- err
		}()
		select {
		case err := <-ended:
			t.Errorf("it ended with %v", err)
		case <-time.After(3 * time.Hour):
		}
	})
}

func TestASlowAnswerIsNotBrokenOffByItsOwnDeadline(t *testing.T) {
	onWires(t, func(t *testing.T, w *wired) {
		w.fake.slow = 90 * time.Second
		conn := w.dial()
		defer func() { _ = conn.Close() }()
		phone := w.phone(munkfors, access.Field)
		go func() {
			_, _ = io.WriteString(conn, "GET /api/v1/sync/digest HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+phone.token+"\r\n\r\n")
		}()
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		must(t, err)
		defer res.Body.Close()
		if res.StatusCode != 200 {
			t.Errorf("got %d", res.StatusCode)
		}
	})
}
