import Compiler

/// What a host is to be, as of the last topology that could be used.
struct Target {
    let host: CompiledHost
    /// For people: `topology two-hosts`.
    let name: String
    /// Whether the host has not been brought to it yet.
    var isPending = true
}

/// What the topology was last read to be, so that only what is new is said.
enum Reading: Hashable {
    case files([SourceFile])
    case failure(String)
}

/// What has failed, said once until something else does.
struct Failures {
    private var told: String?
    private var backoff = Backoff()

    /// How long to wait before the next attempt, and whether this failure is news.
    mutating func note(_ text: String) -> (delay: Duration, isNew: Bool) {
        let isNew = text != told
        told = text
        return (backoff.lengthen(), isNew)
    }

    /// Whether there was one.
    mutating func clear() -> Bool {
        defer { self = Failures() }
        return told != nil
    }
}
