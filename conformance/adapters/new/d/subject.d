/// A subject for heddle-conform. It judges core.thread: put your runtime in its place.
///
/// heddle/subject.h says what each function of a table does, and the rules that all of them keep.
/// heddle/heddle_subject.d has what is the same in every adapter: values, bodies, panics, outcomes.
module subject;

import core.thread : Thread, ThreadError;
import heddle_subject;

/// What a join handle points to: a thread that runs one body. What the body returns dies there.
final class BodyThread : Thread
{
    private Body code;
    private Cookie env;

    this(Body code, Cookie env)
    {
        super(&run);
        this.code = code;
        this.env = env;
    }

    private void run()
    {
        auto ignored = Value(complete(code, env));
    }
}

/// The builder is null, since no flag below says that this runtime takes names or stack sizes.
extern (C) void spawn(const(Builder)* builder, Body code, Cookie env, Outcome* written)
{
    call(written, (ref Outcome outcome) {
        auto captured = Value(env);
        try
        {
            auto thread = new BodyThread(code, env);
            thread.start();
            captured.release(); // the thread's now
            outcome.handle = cast(void*) thread;
        }
        catch (ThreadError error)
            writeFailure(0, error.msg, outcome);
    });
}

/// Eats the join handle.
extern (C) void join(void* handle, Outcome* written)
{
    call(written, (ref Outcome outcome) {
        if (auto thrown = (cast(BodyThread) handle).join(false))
            writePanic(Tag.caught, thrown, outcome);
    });
}

// ---- Next: fill these in, and name them in the tables below -------------------------------------
//
// Writes 1 to outcome.value if the thread's body has ended. Never blocks.
//
// extern (C) void isFinished(void* handle, Outcome* written)
// {
//     call(written, (ref Outcome outcome) { ... cast(BodyThread) handle ... });
// }
//
// Sleeps. It belongs to a table of its own, Pausing.
//
// extern (C) void sleep(ulong seconds, uint nanoseconds, Outcome* written)
// {
//     call(written, (ref Outcome outcome) { ... });
// }
//
// Lets other threads run. It belongs to Pausing as well.
//
// extern (C) void yield(Outcome* written)
// {
//     call(written, (ref Outcome outcome) { ... });
// }

// What is left out is not offered, and its clauses do not apply. A flag is what the runtime
// promises: its documentation must say so.
immutable Spawning spawning = {flags: carriesPanic, spawn: &spawn, join: &join};
immutable Panics panics;
immutable Subject subject_ = {
    name: "my runtime", version_: "0", spawning: &spawning, panics: &panics
};

pragma(mangle, "heddle_subject") extern (C) export const(Subject)* entry(const(Host)* host)
{
    return enter(host, subject_);
}
