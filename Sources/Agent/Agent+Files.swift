import Applier
import Compiler
import Netlink
import NetnsHarness
import NetworkState

extension Agent {
    private var namespaceDirectory: String { host.namespaces.directory }

    /// Whoever makes the first named namespace makes their directory as well.
    private var namespaceDirectoryParent: (directory: String, name: String) { splitPath(namespaceDirectory) }

    /// Watches the directories as they are now. One that is missing is looked for again with the next look.
    mutating func watchDirectories() {
        let others = [namespaceDirectoryParent.directory, namespaceDirectory, host.ledger.directory]
        for directory in source.directories + others {
            do throws(SystemError) { try directories.watch(directory) } catch { continue }
        }
    }

    mutating func noteFiles(at now: MonotonicTime) {
        let sources = Set(source.directories)
        for event in directories.drain() {
            if sources.contains(event.directory) { agenda.note(.source, at: now) }
            if concernsHost(event) { agenda.note(.kernel, at: now) }
        }
    }

    /// Whether a namespace has got or lost a name, the ledger is another, or an apply has been confirmed or taken back.
    private func concernsHost(_ event: DirectoryWatch.Event) -> Bool {
        switch event.directory {
        case namespaceDirectory: true
        case namespaceDirectoryParent.directory where event.name == namespaceDirectoryParent.name: true
        case host.ledger.directory:
            [host.ledger.path, host.ledger.journalPath].contains { splitPath($0).name == event.name }
        default: false
        }
    }

    /// Reads the topology. One that cannot be used changes nothing but what is said about it.
    ///
    /// - `isAsked`: whether somebody wants to hear about it even if it is the same.
    mutating func load(isAsked: Bool) {
        watchDirectories()
        let text: SourceText
        do throws(SystemError) { text = try source.read() } catch {
            if isNews(.failure("\(error)"), isAsked) {
                refuse([LogEntry(.unreadableTopology, .error, object: source.name, reason: "\(error)")])
            }
            service.reloaded()
            return
        }
        if isNews(.files(text.files), isAsked) { take(text) }
        service.reloaded()
    }

    private mutating func isNews(_ reading: Reading, _ isAsked: Bool) -> Bool {
        defer { lastReading = reading }
        return reading != lastReading || isAsked
    }

    private mutating func take(_ text: SourceText) {
        do throws(InvalidTopology) {
            let topology = try Compiler.load(text)
            metrics.isTopologyValid = true
            target = Target(topology, host: host.name, text)
            log.write(LogEntry(.loaded, object: source.name, reason: "topology \(topology.name)"))
            if !topology.hosts.contains(where: { $0.name == host.name }) { warnOfAbsence(from: topology) }
        } catch {
            refuse(LogEntry.entries(about: error.diagnostics, in: text))
        }
    }

    private func warnOfAbsence(from topology: ValidTopology) {
        let hint = didYouMean(host.name, among: topology.hosts.map(\.name)).map { "; \($0)" } ?? ""
        log.write(
            LogEntry(
                .absent, .warning, object: source.name,
                reason: "topology \(topology.name) has no host '\(host.name)': what weft made here goes\(hint)"))
    }

    private mutating func refuse(_ entries: [LogEntry]) {
        metrics.isTopologyValid = false
        metrics.invalidTopologies += 1
        entries.forEach(log.write)
        if let target {
            log.write(LogEntry(.kept, .warning, object: target.name))
        }
    }
}

extension Target {
    /// A host that is not in the topology is to have nothing of it.
    init(_ topology: ValidTopology, host name: String, _ text: SourceText) {
        self.name = "topology \(topology.name)"
        if let index = topology.hosts.firstIndex(where: { $0.name == name }) {
            host = CompiledHost(topology, host: index, source: text)
        } else {
            host = CompiledHost(topology: topology.name, name: name)
        }
    }
}

extension LogEntry {
    /// One for each mistake: `two-hosts.json:12:5`, and what is wrong there.
    fileprivate static func entries(about diagnostics: Diagnostics, in text: SourceText) -> [LogEntry] {
        (diagnostics.json(in: text).array ?? []).map { mistake in
            let place = [mistake["line"], mistake["column"]].compactMap { $0?.integer }.map { ":\($0)" }.joined()
            let level: Level = mistake["severity"]?.string == "error" ? .error : .warning
            let code = mistake["code"]?.string ?? ""
            return LogEntry(
                .invalidTopology, level, object: (mistake["file"]?.string ?? text.name) + place,
                reason: "\(mistake["message"]?.string ?? "") [\(code)]")
        }
    }
}
