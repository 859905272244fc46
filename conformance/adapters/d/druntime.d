/// Threads of D's core.thread as a subject. A thread has no value to hand over: join returns what
/// it threw.
module druntime;

import core.thread : Thread, ThreadError, ThreadException;
import core.thread : thread_attachThis;
import core.time : dur, Duration;
import heddle_subject;

/// A thread that runs one body. What the body returns dies there.
final class BodyThread : Thread
{
    private Body code;
    private Cookie env;

    this(Body code, Cookie env, size_t stackSize)
    {
        super(&run, stackSize);
        this.code = code;
        this.env = env;
    }

    private void run()
    {
        auto ignored = Value(complete(code, env));
    }
}

extern (C) void spawn(const(Builder)* builder, Body code, Cookie env, Outcome* written)
{
    call(written, (ref Outcome outcome) {
        auto captured = Value(env);
        size_t stackSize = 0;
        string name;
        foreach (ref setting; builder is null ? null : builder.settings[0 .. builder.count])
        {
            if (setting.kind == SettingKind.stackSize)
                stackSize = setting.number;
            else
                name = setting.text[0 .. setting.number].idup;
        }
        try
        {
            auto thread = new BodyThread(code, env, stackSize);
            if (name.length != 0)
                thread.name = name;
            thread.start();
            captured.release(); // the thread's now
            outcome.handle = cast(void*) thread;
        }
        catch (ThreadError error)
            writeFailure(0, error.msg, outcome);
    });
}

extern (C) void join(void* handle, Outcome* written)
{
    call(written, (ref Outcome outcome) {
        try
        {
            if (auto thrown = (cast(BodyThread) handle).join(false))
                writePanic(Tag.caught, thrown, outcome);
        }
        catch (ThreadException exception)
            writeFailure(0, exception.msg, outcome);
    });
}

extern (C) void isFinished(void* handle, Outcome* written)
{
    call(written, (ref Outcome outcome) {
        outcome.value = !(cast(BodyThread) handle).isRunning;
    });
}

/// A Thread is a reference that D counts nowhere, so a handle of a thread is the thread.
extern (C) void same(void* handle, Outcome* written)
{
    call(written, (ref Outcome outcome) { outcome.handle = handle; });
}

extern (C) void drop(void* handle, Outcome* written)
{
    call(written, (ref Outcome outcome) {});
}

extern (C) void current(Outcome* written)
{
    call(written, (ref Outcome outcome) {
        auto own = Thread.getThis();
        outcome.handle = cast(void*)(own is null ? thread_attachThis() : own);
    });
}

extern (C) void id(void* handle, Outcome* written)
{
    call(written, (ref Outcome outcome) { outcome.value = (cast(Thread) handle).id; });
}

extern (C) void name(void* handle, Outcome* written)
{
    call(written, (ref Outcome outcome) {
        const text = (cast(Thread) handle).name;
        outcome.value = text.length != 0;
        writeText(text, outcome);
    });
}

extern (C) void sleep(ulong seconds, uint nanoseconds, Outcome* written)
{
    call(written, (ref Outcome outcome) {
        // A Duration counts hectonanoseconds, so that what is left of one is rounded up.
        enum longest = Duration.max.total!"seconds";
        const hectonanoseconds = nanoseconds / 100 + (nanoseconds % 100 != 0);
        Thread.sleep(seconds < longest ? dur!"seconds"(seconds) + dur!"hnsecs"(hectonanoseconds)
            : Duration.max);
    });
}

extern (C) void yield(Outcome* written)
{
    call(written, (ref Outcome outcome) { Thread.yield(); });
}

/// A variable of a module is one of each thread's.
private ulong[8] plain = () {
    ulong[8] initial;
    foreach (slot, ref number; initial)
        number = constantCookie(Storage.constantPlain, cast(uint) slot);
    return initial;
}();

extern (C) void withLocal(uint storage, uint slot, Body code, Cookie env, Outcome* written)
{
    call(written, (ref Outcome outcome) { outcome.value = complete(code, env, &plain[slot]); });
}

immutable Spawning spawning = {
    flags: carriesPanic | takesName | takesAnyName | takesStackSize,
    spawn: &spawn,
    join: &join,
    isFinished: &isFinished,
    thread: &same
};
immutable Threads threads = {current: &current, clone: &same, drop: &drop, id: &id, name: &name};
immutable Pausing pausing = {flags: sleepsWhole, sleep: &sleep, yield: &yield};
immutable Panics panics;
immutable ThreadLocals locals = {slots: [0, 0, 0, 8, 0, 0, 0, 0], with_: &withLocal};
immutable Subject subject = {
    name: "core.thread",
    version_: __VENDOR__ ~ " " ~ __VERSION__.stringof[0 .. $ - 1],
    spawning: &spawning,
    threads: &threads,
    pausing: &pausing,
    panics: &panics,
    threadLocals: &locals
};

pragma(mangle, "heddle_subject") extern (C) export const(Subject)* entry(const(Host)* host)
{
    return enter(host, subject);
}
