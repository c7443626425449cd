import Glibc
import JSONReader
package import Netlink
package import NetworkState

/// Where a host's ledger is kept: `DIRECTORY/HOST.json`, with `DIRECTORY/HOST.lock` beside it.
package struct LedgerFile: Hashable, Sendable {
    package let path: String
    package let lockPath: String
    package let directory: String
    let host: String
    /// How long to wait for another run to end.
    private let lockTimeout: Duration
    /// Whether what it tells of ends with this process, as in a lab that is just being built: then nobody comes after a
    /// death, and nothing has to be written down beforehand.
    package let endsWithProcess: Bool
    /// Whether a ledger that cannot be understood stops a run, rather than being set aside.
    package var isNeeded = false

    package init(
        directory: String = "/run/weft", host: String, lockTimeout: Duration = .zero, endsWithProcess: Bool = false
    ) {
        self.endsWithProcess = endsWithProcess
        self.directory = directory
        self.host = host
        self.lockTimeout = lockTimeout
        path = "\(directory)/\(host).json"
        lockPath = "\(directory)/\(host).lock"
    }

    /// Keeps other runs from this host for as long as the lock lives; the kernel frees it should this process die.
    ///
    /// What a run that died has left half-written is cleared away.
    package func lock() throws(ApplyError) -> FileLock {
        let lock = try lock(lockPath, waiting: lockTimeout)
        for path in [path, journalPath, sealPath] {
            try systemCalls { () throws(SystemError) in try removeFile(draft(of: path)) }
        }
        return lock
    }

    /// Where the file at `path` is written before it is put in its place, by whoever holds the lock.
    func draft(of path: String) -> String { "\(path)~" }

    /// Keeps other agents from this host, and no other run.
    package func lockAgainstAgents() throws(ApplyError) -> FileLock {
        try lock(path(of: "agent.lock"), waiting: .zero)
    }

    private func lock(_ path: String, waiting timeout: Duration) throws(ApplyError) -> FileLock {
        let attempt = try systemCalls { () throws(SystemError) in
            try createDirectories(directory)
            return try FileLock.acquire(path, timeout: timeout, note: Holder.current.json.line + "\n")
        }
        switch consume attempt {
        case .acquired(let lock): return lock
        case .held(let note): throw .locked(path: path, by: Holder(reading: note))
        }
    }

    /// Another file of this host's in the same directory.
    package func path(of kind: String) -> String { "\(directory)/\(host).\(kind)" }

    /// What is known to be ours, and may be for all that is known, should a run be under way or have been cut short; nil if
    /// there is none.
    package func read() throws(ApplyError) -> Ledger? {
        guard let ledger = try readAlone() else { return nil }
        // One that cannot be understood stops whoever is about to change something.
        guard let checkpoint = (try? journal()) ?? nil, !checkpoint.isMade else { return ledger }
        return checkpoint.ledger?.between(ledger) ?? ledger
    }

    private func readAlone() throws(ApplyError) -> Ledger? {
        guard let text = try text(in: path) else { return nil }
        if let ledger = Ledger(asWritten: text, digestedAs: Ledger.digest) { return ledger }
        let json: JSON
        do throws(JSONSyntaxError) { json = try JSON(parsing: text) } catch {
            throw .corruptLedger(path: path, reason: error.message)
        }
        guard let ledger = Ledger(json: json) else {
            throw .corruptLedger(
                path: path, reason: "it is not of version \(Ledger.version), or parts of it are missing")
        }
        guard json["digest"] == ledger.digest else {
            throw .corruptLedger(path: path, reason: "it is not what weft wrote there: its digest is another")
        }
        return ledger
    }

    /// What the file at `path` holds; nil if there is none.
    func text(in path: String) throws(ApplyError) -> [UInt8]? {
        do throws(SystemError) {
            return try readFileBytes(path)
        } catch {
            if error.errno == ENOENT { return nil }
            throw ApplyError(error)
        }
    }

    /// Puts `ledger` in the place of what is there, whole or not at all; an empty one, or none, leaves no file.
    package func write(_ ledger: Ledger?) throws(ApplyError) {
        try systemCalls { () throws(SystemError) in
            if let ledger, !ledger.isEmpty {
                try createDirectories(directory)
                try replaceFile(path, with: ledger.textWithDigest, draft: draft(of: path))
            } else {
                for path in [path, sealPath] { try removeFile(path) }
            }
        }
    }
}

extension Ledger {
    /// By which a ledger is told from one that has lost or changed a byte: what is a mistake in it would be done to
    /// somebody else's things.
    fileprivate var digest: JSON { .string(Self.digest(hashedText.hash)) }

    /// The text is written once: of a ledger's members the digest comes first.
    fileprivate var textWithDigest: [UInt8] {
        let (bytes, hash) = hashedText
        return Array("{\n  \"digest\": \"\(Self.digest(hash))\",".utf8) + bytes.dropFirst()
    }

    fileprivate static func digest(_ hash: UInt64) -> String { String(hash, radix: 16) }
}

extension LedgerFile {
    /// Who holds a lock.
    package struct Holder: Hashable, Sendable, CustomStringConvertible {
        package let process: Int64
        package let command: String
        /// In UTC, as RFC 3339 writes it.
        package let since: String

        static var current: Holder {
            let words = (try? readFile("/proc/self/cmdline").split(separator: "\0")) ?? []
            return Holder(
                process: Int64(getpid()), command: words.map { shellQuoted(String($0)) }.joined(separator: " "),
                since: timestamp()
            )
        }

        var json: JSON {
            .object(["pid": .integer(process), "command": .string(command), "since": .string(since)])
        }

        package var description: String { "process \(process) (\(command)) since \(since)" }
    }
}

extension LedgerFile.Holder {
    /// Nil if `note` is not what a holder writes, as while it is only about to.
    init?(reading note: String) {
        guard let json = try? JSON(parsing: note) else { return nil }
        self.init(json: json)
    }

    init?(json: JSON) {
        guard let process = json["pid"]?.integer, let command = json["command"]?.string,
            let since = json["since"]?.string
        else { return nil }
        self.init(process: process, command: command, since: since)
    }
}
