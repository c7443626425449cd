import Netlink

/// Who has lately asked the kernel for changes to what is looked after: a hint, not a proof. A socket's port is its
/// process's number only by habit, and a process in a container has another number there.
struct Suspects {
    private static let limit = 3
    /// `PID_MAX_LIMIT` in linux/threads.h: second sockets of a process have ports beyond.
    private static let greatestProcess: UInt32 = 4 << 20

    private var seen: [(name: String, at: MonotonicTime)] = []

    /// Looks while they live: a command is gone a moment later.
    mutating func note(_ ports: Set<UInt32>, at now: MonotonicTime) {
        for port in ports where port != 0 && port < Self.greatestProcess && port != UInt32(ThisProcess.ownNumber) {
            guard let command = try? readFile("/proc/\(port)/comm").split(separator: "\n").first else { continue }
            let name = "process \(port) (\(command))"
            seen.removeAll { $0.name == name }
            seen = (seen + [(name, now)]).suffix(Self.limit)
        }
    }

    /// `, perhaps by process 812 (bird)`; nothing if nobody was seen in the time that a contest is judged by.
    func hint(at now: MonotonicTime) -> String {
        let names = seen.filter { now - $0.at <= Contention.window }.map(\.name)
        return names.isEmpty ? "" : ", perhaps by \(names.joined(separator: " or "))"
    }
}
