/// A kit for adapters in D: heddle/subject.h, and what every adapter needs around its tables, so
/// that its author writes only what the runtime differs in.
///
/// A cookie of the suite's is a `Value`, a body is run by `complete`, and a panic is an exception.
/// Every function of a table is written as
///
///     extern (C) void join(void* handle, Outcome* written)
///     {
///         call(written, (ref Outcome outcome) { outcome.value = ...; });
///     }
///
/// so that nothing thrown leaves it, and the outcome is written after everything that it owned is
/// gone. Tables begin empty: fill in what the runtime has. `enter` starts the D runtime and stops
/// its collector, since the suite's threads are unknown to D, and a handle that only the suite
/// holds must stay.
///
/// Link with a version script that exports heddle_subject alone: otherwise a function `extern (C)`
/// meets libc's of the same name.
///
/// Everything here may be used by any thread.
module heddle_subject;

import core.memory : GC;
import core.runtime : Runtime;

// ---- The types of subject.h, which says what each function does ---------------------------------

alias Cookie = ulong;
alias Body = extern (C) void function(Cookie env, void* argument, Outcome* written);

enum Tag : uint
{
    returned,
    panicked,
    resumed,
    enter,
    failed,
    noAccess,
    caught,
    absent
}

enum Payload : uint
{
    opaque,
    literal,
    string,
    foreign
}

struct Outcome
{
    Tag tag;
    Payload payload;
    int osError;
    uint reserved;
    ulong value;
    void* handle;
    const(char)* text;
    size_t textLength;
    Body next;
    Cookie nextEnv;
}

extern (C) struct Host
{
    uint major, minor;
    size_t size;
    size_t outcomeSize;
    extern (C) void function(Cookie cookie, const(void)* object, Outcome* written) dropped;
    extern (C) void function(uint storage, uint slot, Outcome* written) tlsInitial;
    extern (C) void function(const(char)* text, size_t length, Outcome* written) hook;
    extern (C) void function(uint slot, void* value) keyDestructor;
    extern (C) const(char)* function(const(char)* text, size_t length) keepText;
}

alias Call = extern (C) void function(Outcome* written);
alias HandleCall = extern (C) void function(void* handle, Outcome* written);
alias RunsBody = extern (C) void function(Body code, Cookie env, Outcome* written);
alias TakesTime = extern (C) void function(ulong seconds, uint nanoseconds, Outcome* written);

enum SettingKind : uint
{
    name = 1,
    stackSize = 2
}

struct Setting
{
    SettingKind kind;
    uint reserved;
    const(char)* text;
    ulong number;
}

struct Builder
{
    size_t count;
    const(Setting)* settings;
}

enum : ulong
{
    carriesValue = 1,
    carriesPanic = 2,
    takesName = 4,
    takesStackSize = 8,
    reportsErrno = 16,
    takesAnyName = 32,
    joinAwaitsLocals = 64,
    uniqueIds = 1,
    sleepsWhole = 1,
    scopePanics = 1,
    typedPayloads = 1,
    ownsMain = 2,
    kernelThreadsStay = 4
}

struct Spawning
{
    size_t size = Spawning.sizeof;
    ulong flags;
    extern (C) void function(const(Builder)* builder, Body code, Cookie env,
            Outcome* written) spawn;
    RunsBody spawnOrPanic;
    HandleCall join, detach, forget, isFinished, thread, asNative, intoNative;
}

struct Threads
{
    size_t size = Threads.sizeof;
    ulong flags;
    Call current;
    HandleCall clone, drop, id, name, unpark;
}

struct Parking
{
    size_t size = Parking.sizeof;
    ulong flags;
    Call park;
    TakesTime parkTimeout;
}

struct Pausing
{
    size_t size = Pausing.sizeof;
    ulong flags;
    TakesTime sleep;
    Call yield;
}

struct Scopes
{
    size_t size = Scopes.sizeof;
    ulong flags;
    RunsBody scope_;
    extern (C) void function(void* inside, const(Builder)* builder, Body code, Cookie env,
            Outcome* written) spawn;
    extern (C) void function(void* inside, Body code, Cookie env, Outcome* written) spawnOrPanic;
    HandleCall join, drop, forget, isFinished, thread;
}

struct Panics
{
    size_t size = Panics.sizeof;
    ulong flags = typedPayloads;
    RunsBody catchUnwind = &.catchUnwind;
    Call panicking;
    extern (C) void function(uint on, Outcome* written) setHook;
    Call takeHook;
}

enum Storage : uint
{
    lazily,
    lazilyPlain,
    constant,
    constantPlain,
    cell,
    refCell,
    system,
    systemPlain
}

/// Returns what a slot of a constant storage starts as.
Cookie constantCookie(Storage storage, uint slot) pure nothrow @nogc
{
    return 0x4844_0000 + 256 * storage + slot;
}

struct ThreadLocals
{
    size_t size = ThreadLocals.sizeof;
    ulong flags;
    uint[8] slots;
    extern (C) void function(uint storage, uint slot, Body code, Cookie env,
            Outcome* written) with_, tryWith;
    extern (C) void function(uint storage, uint slot, Cookie value, Outcome* written) set, replace;
    extern (C) void function(uint storage, uint slot, Outcome* written) take;
}

/// A flag of every subject in D: its memory is not judged, as subject.h says.
enum ulong collectsGarbage = 8;

struct Subject
{
    uint major = 1;
    uint minor = 0;
    size_t size = Subject.sizeof;
    size_t outcomeSize = Outcome.sizeof;
    ulong flags = collectsGarbage;
    const(char)* name;
    const(char)* version_;
    const(char)* profile = "";
    const(void)* deviations;
    size_t deviationCount;
    const(Spawning)* spawning;
    const(Threads)* threads;
    const(Parking)* parking;
    const(Pausing)* pausing;
    const(Scopes)* scopes;
    const(Panics)* panics;
    const(ThreadLocals)* threadLocals;
    const(void)* keys, capture, guard, process, presets;
}

// ---- Values and panics --------------------------------------------------------------------------

/// The suite; written once, before anything else of the subject runs.
__gshared const(Host)* suite;

/// Owns a cookie and reports its death, which throws if the suite asks for that.
struct Value
{
    Cookie cookie;

    @disable this(this);

    ~this()
    {
        if (const dying = release())
        {
            Outcome outcome;
            suite.dropped(dying, &this, &outcome);
            settle(outcome);
        }
    }

    /// Hands the cookie back to the suite, without reporting a death.
    Cookie release()
    {
        const released = cookie;
        cookie = 0;
        return released;
    }
}

/// The exception for opaque payloads. Nobody destroys an exception, so whoever catches it takes the
/// cookie.
class OpaquePanic : Exception
{
    Cookie cookie;

    this(Cookie cookie)
    {
        super("opaque");
        this.cookie = cookie;
    }
}

/// The exception for static text.
class LiteralPanic : Exception
{
    this(string text)
    {
        super(text);
    }
}

/// The exception for text that the payload owns.
class StringPanic : Exception
{
    this(string text)
    {
        super(text);
    }
}

/// Throws the panic that an outcome of the suite's asks for, if it asks for one. D has no hook, so
/// `panicked` and `resumed` are the same.
void settle(ref const Outcome outcome)
{
    if (outcome.tag == Tag.returned)
        return;
    const text = outcome.text[0 .. outcome.textLength].idup;
    final switch (outcome.payload)
    {
    case Payload.opaque:
        throw new OpaquePanic(outcome.value);
    case Payload.literal:
        throw new LiteralPanic(text);
    case Payload.string:
    case Payload.foreign:
        throw new StringPanic(text);
    }
}

/// Writes text into an outcome; the suite keeps a copy.
void writeText(const(char)[] text, ref Outcome outcome)
{
    outcome.text = suite.keepText(text.ptr, text.length);
    outcome.textLength = text.length;
}

/// Writes that the runtime refused: an errno, or 0 for none, and why.
void writeFailure(int osError, const(char)[] text, ref Outcome outcome)
{
    outcome.tag = Tag.failed;
    outcome.osError = osError;
    writeText(text, outcome);
}

/// Writes what was thrown as a panic with this tag, caught or panicked.
void writePanic(Tag tag, Throwable thrown, ref Outcome outcome)
{
    outcome = Outcome(tag);
    if (auto panic = cast(OpaquePanic) thrown)
    {
        outcome.value = panic.cookie;
        panic.cookie = 0;
        return;
    }
    outcome.payload = cast(LiteralPanic) thrown ? Payload.literal
        : cast(StringPanic) thrown ? Payload.string : Payload.foreign;
    writeText(thrown.msg, outcome);
}

/// Runs one call of a table: `work` gets the outcome to fill in. What it throws becomes `panicked`.
void call(Outcome* written, scope void delegate(ref Outcome) work)
{
    Outcome outcome;
    try
        work(outcome);
    catch (Throwable thrown)
        writePanic(Tag.panicked, thrown, outcome);
    *written = outcome;
}

/// Runs a body, once, and returns its value, or throws its panic. What it has captured is dropped
/// before this ends.
Cookie complete(Body code, Cookie env, void* argument = null)
{
    Value value;
    {
        auto captured = Value(env);
        Outcome outcome;
        code(env, argument, &outcome);
        if (outcome.tag == Tag.enter)
        {
            auto local = Value(outcome.value);
            value.cookie = complete(outcome.next, outcome.nextEnv, argument);
        }
        else
        {
            settle(outcome);
            value.cookie = outcome.value;
        }
    } // if a destructor throws here, the value still has an owner that reports its death
    return value.release();
}

private extern (C) void catchUnwind(Body code, Cookie env, Outcome* written)
{
    call(written, (ref Outcome outcome) {
        try
            outcome.value = complete(code, env);
        catch (Throwable thrown)
            writePanic(Tag.caught, thrown, outcome);
    });
}

/// What heddle_subject returns: the subject, or null for a suite with another major version or if
/// the D runtime does not start.
const(Subject)* enter(const(Host)* host, return ref const Subject subject)
{
    if (host.major != subject.major || !Runtime.initialize())
        return null;
    GC.disable();
    suite = host;
    return &subject;
}
