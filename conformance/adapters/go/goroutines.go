// Goroutines as a subject: values and panics come to the joiner through a channel.
//
// A body blocks, so each goroutine is wired to a kernel thread while it runs one. Go's scheduler
// keeps these threads. Go has no destructors either: whoever owns a value here drops it by name.
package main

/*
#include <heddle/subject.h>
#include <stdlib.h>

// Go cannot call a pointer to a C function by itself.
static inline void run_body(heddle_body body, heddle_cookie env, heddle_outcome *out) {
  body(env, NULL, out);
}
static inline void report_death(const heddle_host *host, heddle_cookie cookie, const void *object,
                                heddle_outcome *out) {
  host->dropped(cookie, object, out);
}
static inline const char *keep_text(const heddle_host *host, const char *text, size_t length) {
  return host->keep_text(text, length);
}
*/
import "C"

import (
	"math"
	"runtime"
	"runtime/cgo"
	"sync/atomic"
	"time"
	"unsafe"
)

// The suite, written once before anything else of the subject runs.
var suite *C.heddle_host

// A value owns a cookie of the suite's.
type value struct{ cookie C.heddle_cookie }

// Hands the cookie back to the suite, without reporting a death.
func (owned *value) release() C.heddle_cookie {
	cookie := owned.cookie
	owned.cookie = 0
	return cookie
}

// Reports the value's death, and panics as the suite asks.
func (owned *value) drop() {
	if cookie := owned.release(); cookie != 0 {
		var outcome C.heddle_outcome
		C.report_death(suite, cookie, unsafe.Pointer(owned), &outcome)
		settle(&outcome)
	}
}

// A literal is a panic's static text. Text that the panic owns is a string.
type literal string

// Panics as the suite asks, or returns. Go has no hook, so PANICKED and RESUMED are the same.
func settle(outcome *C.heddle_outcome) {
	if outcome.tag == C.HEDDLE_RETURNED {
		return
	}
	text := C.GoStringN(outcome.text, C.int(outcome.text_length))
	switch outcome.payload {
	case C.HEDDLE_PAYLOAD_OPAQUE:
		panic(&value{C.heddle_cookie(outcome.value)})
	case C.HEDDLE_PAYLOAD_LITERAL:
		panic(literal(text))
	default:
		panic(text)
	}
}

// Runs a body of the suite's and ends as it says. What it captured dies when it has ended.
func complete(body C.heddle_body, env C.heddle_cookie) (returned value) {
	whole := false
	defer func() {
		if !whole {
			returned.drop()
		}
	}()
	func() {
		captured := value{env}
		defer captured.drop()
		var outcome C.heddle_outcome
		C.run_body(body, env, &outcome)
		if outcome.tag == C.HEDDLE_ENTER {
			local := value{C.heddle_cookie(outcome.value)}
			defer local.drop()
			returned = complete(outcome.next, outcome.next_env)
			return
		}
		settle(&outcome)
		returned = value{C.heddle_cookie(outcome.value)}
	}()
	whole = true
	return returned
}

// An ending is how a body ended: by a value, by a panic, or by neither.
type ending struct {
	tag      C.uint32_t
	returned value
	panicked any
}

func (ended *ending) drop() {
	ended.returned.drop()
	if owned, ok := ended.panicked.(*value); ok {
		owned.drop()
	}
}

// Runs a body and recovers its panic.
func catch(body C.heddle_body, env C.heddle_cookie) (ended ending) {
	defer func() {
		if panicked := recover(); panicked != nil {
			ended = ending{tag: C.HEDDLE_CAUGHT, panicked: panicked}
		}
	}()
	ended.returned = complete(body, env)
	return ended
}

// Writes an ending: its value, or its panic, is the suite's again.
func write(ended ending, out *C.heddle_outcome) {
	var outcome C.heddle_outcome
	outcome.tag = ended.tag
	outcome.value = C.uint64_t(ended.returned.release())
	text := ""
	switch panicked := ended.panicked.(type) {
	case nil:
	case *value:
		outcome.payload = C.HEDDLE_PAYLOAD_OPAQUE
		outcome.value = C.uint64_t(panicked.release())
	case literal:
		outcome.payload = C.HEDDLE_PAYLOAD_LITERAL
		text = string(panicked)
	case string:
		outcome.payload = C.HEDDLE_PAYLOAD_STRING
		text = panicked
	case error:
		outcome.payload = C.HEDDLE_PAYLOAD_FOREIGN
		text = panicked.Error()
	default:
		outcome.payload = C.HEDDLE_PAYLOAD_FOREIGN
	}
	copied := C.CString(text)
	defer C.free(unsafe.Pointer(copied))
	outcome.text = C.keep_text(suite, copied, C.size_t(len(text)))
	outcome.text_length = C.size_t(len(text))
	*out = outcome
}

// Does the work of a function of the tables. No panic may leave it.
func call(out *C.heddle_outcome, work func()) {
	defer func() {
		if panicked := recover(); panicked != nil {
			write(ending{tag: C.HEDDLE_PANICKED, panicked: panicked}, out)
		}
	}()
	work()
}

// A thread is what a join handle refers to.
type thread struct {
	done   chan ending  // of capacity 1, so that a goroutine ends before it is joined
	owners atomic.Int32 // the goroutine, and the join handle until it is detached
}

func (ended *thread) disown() {
	if ended.owners.Add(-1) == 0 {
		unclaimed := <-ended.done
		unclaimed.drop()
	}
}

func (started *thread) run(body C.heddle_body, env C.heddle_cookie) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	ended := ending{tag: C.HEDDLE_ABSENT} // what runtime.Goexit leaves
	defer func() {
		started.done <- ended
		started.disown()
	}()
	ended = catch(body, env)
}

// A handle of the suite's is the address of a cgo.Handle, in memory of C's.
func take(handle unsafe.Pointer) *thread {
	defer C.free(handle)
	cell := (*cgo.Handle)(handle)
	defer cell.Delete()
	return cell.Value().(*thread)
}

//export spawnGoroutine
func spawnGoroutine(body C.heddle_body, env C.heddle_cookie, out *C.heddle_outcome) {
	call(out, func() {
		started := &thread{done: make(chan ending, 1)}
		started.owners.Store(2)
		cell := (*cgo.Handle)(C.malloc(C.size_t(unsafe.Sizeof(cgo.Handle(0)))))
		*cell = cgo.NewHandle(started)
		go started.run(body, env)
		out.handle = unsafe.Pointer(cell)
	})
}

//export joinGoroutine
func joinGoroutine(handle unsafe.Pointer, out *C.heddle_outcome) {
	call(out, func() { write(<-take(handle).done, out) })
}

//export detachGoroutine
func detachGoroutine(handle unsafe.Pointer, out *C.heddle_outcome) {
	call(out, func() { take(handle).disown() })
}

//export goroutineIsFinished
func goroutineIsFinished(handle unsafe.Pointer, out *C.heddle_outcome) {
	call(out, func() {
		out.value = C.uint64_t(len((*cgo.Handle)(handle).Value().(*thread).done))
	})
}

//export catchPanic
func catchPanic(body C.heddle_body, env C.heddle_cookie, out *C.heddle_outcome) {
	call(out, func() { write(catch(body, env), out) })
}

//export sleepAtLeast
func sleepAtLeast(seconds C.uint64_t, nanoseconds C.uint32_t, out *C.heddle_outcome) {
	duration := time.Duration(math.MaxInt64) // 292 years
	if uint64(seconds) < uint64(duration/time.Second) {
		duration = time.Duration(seconds)*time.Second + time.Duration(nanoseconds)
	}
	call(out, func() { time.Sleep(duration) })
}

//export yieldProcessor
func yieldProcessor(out *C.heddle_outcome) {
	call(out, runtime.Gosched)
}

// Begins: returns the version of Go.
//
//export enterSubject
func enterSubject(host *C.heddle_host) *C.char {
	suite = host
	return C.CString(runtime.Version())
}

// A library has no main of its own, but package main must.
func main() {}
