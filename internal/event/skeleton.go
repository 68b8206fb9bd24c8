package event

// Skeleton is the event without what was written: the same envelope, the same fields and what their writer was shown, and in
// place of each value what keep makes of it. Null leaves nothing; a value that is no text of anybody's may stay. What it
// supersedes it still supersedes, since that follows from the names and the base alone.
//
// A skeleton is an event like any other, of the same form. Making one of a skeleton changes nothing when keep is
// idempotent. The event itself is not changed.
func (e *Event) Skeleton(keep func(name string, v Value) Value) *Event {
	bare := *e
	bare.Set = make([]Field, len(e.Set))
	for i, f := range e.Set {
		bare.Set[i] = Field{Name: f.Name, Value: keep(f.Name, f.Value), Base: f.Base}
	}
	return &bare
}
