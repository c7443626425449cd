import JSONReader
package import Netlink
package import NetworkState

/// What is known of a lab that somebody has put up and not taken down.
package struct LabRecord: Hashable, Sendable {
    package let name: String
    /// The process that holds it: the first of the lab's process namespace.
    package let process: CInt
    package let topology: String
    /// The topology's file, as its user wrote it.
    package let file: String
    package let started: String
    package let nodes: [JSON]

    package init(name: String, process: CInt, topology: String, file: String, started: String, nodes: [LabNode]) {
        self.name = name
        self.process = process
        self.topology = topology
        self.file = file
        self.started = started
        self.nodes = nodes.map(\.json)
    }

    package var json: JSON {
        .object([
            "name": .string(name),
            "process": .integer(Int64(process)),
            "topology": .string(topology),
            "file": .string(file),
            "started": .string(started),
            "nodes": .array(nodes),
        ])
    }

    init?(json: JSON) {
        guard let name = json["name"]?.string, let process = json["process"]?.integer.flatMap(CInt.init(exactly:)),
            let topology = json["topology"]?.string, let file = json["file"]?.string,
            let started = json["started"]?.string, let nodes = json["nodes"]?.array
        else { return nil }
        self.name = name
        self.process = process
        self.topology = topology
        self.file = file
        self.started = started
        self.nodes = nodes
    }
}

/// The labs of this user: a file each, locked by the process that holds the lab for as long as that lives. The
/// kernel frees the lock however it ends, so a file that nobody has locked is a leftover, and no lab.
package struct LabRegistry: Sendable {
    package let directory: String

    package init(directory: String) {
        self.directory = directory
    }

    /// `/run/weft/labs` for root, `$XDG_RUNTIME_DIR/weft/labs` or a folder under `/tmp` for others.
    package static func ofThisUser() -> LabRegistry {
        let user = ThisProcess.user
        if user == 0 { return LabRegistry(directory: "/run/weft/labs") }
        let runtime = ThisProcess.variable("XDG_RUNTIME_DIR").map { "\($0)/weft" } ?? "/tmp/weft-\(user)"
        return LabRegistry(directory: "\(runtime)/labs")
    }

    /// Every lab that is up, by name.
    package func list() throws(SystemError) -> [LabRecord] {
        var records: [LabRecord] = []
        for name in try names() {
            if let record = try find(name) { records.append(record) }
        }
        return records
    }

    /// The lab called `name`, or nil if none is up.
    package func find(_ name: String) throws(SystemError) -> LabRecord? {
        guard try names().contains(name) else { return nil }
        switch try FileLock.acquire(path(of: name), timeout: .zero, note: "") {
        case .acquired: return nil
        case .held(let note):
            return (try? JSON(parsing: note)).flatMap(LabRecord.init(json:))
        }
    }

    /// The names of labs whose process has died.
    package func leftovers() throws(SystemError) -> [String] {
        var leftovers: [String] = []
        for name in try names() {
            if case .acquired = try FileLock.acquire(path(of: name), timeout: .zero, note: "") {
                leftovers.append(name)
            }
        }
        return leftovers
    }

    /// Removes the leftovers of labs whose process has died, and tells their names.
    package func collectGarbage() throws(SystemError) -> [String] {
        var collected: [String] = []
        for name in try names() {
            if case .acquired = try FileLock.acquire(path(of: name), timeout: .zero, note: "") {
                try removeFile(path(of: name))
                collected.append(name)
            }
        }
        return collected
    }

    /// Enters `record` for as long as the lock that comes back lives; nil if a lab of that name is up.
    package func enter(_ record: LabRecord) throws(SystemError) -> FileLock? {
        try createDirectories(directory)
        switch try FileLock.acquire(path(of: record.name), timeout: .zero, note: record.json.line) {
        case .acquired(let lock): return lock
        case .held: return nil
        }
    }

    /// Where `record` is entered, to be written anew while its lab is up.
    package func entry(of record: LabRecord) throws(SystemError) -> RewritableFile {
        try RewritableFile(path(of: record.name))
    }

    /// Ends `record`'s lab with every process in it, and waits until it is gone; false if it would not go.
    package func end(_ record: LabRecord) throws(SystemError) -> Bool {
        if let holder = ProcessHandle(record.process) {
            guard try holder.kill(waiting: 30_000) else { return false }
        }
        try removeFile(path(of: record.name))
        return true
    }

    private func path(of name: String) -> String { "\(directory)/\(name)" }

    private func names() throws(SystemError) -> [String] {
        try listDirectory(directory)
    }
}
