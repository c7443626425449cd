/// What weft has made on a host, and what stood there before: the record that ownership is decided from.
package struct Ledger: Hashable, Sendable {
    package static let version: Int64 = 1

    package var topology: String
    package var host: String
    /// The resources that are ours, as we left them.
    package var entries: HostState
    /// What those of them that we changed, rather than made, were before.
    package var former: HostState

    package init(topology: String, host: String, entries: HostState = HostState(), former: HostState = HostState()) {
        self.topology = topology
        self.host = host
        self.entries = entries
        self.former = former
    }

    package var isEmpty: Bool { entries.namespaces.isEmpty }

    /// The mark on every link of ours, for when the ledger is lost: its alias.
    package static func mark(topology: String, host: String) -> String { "weft:\(topology)/\(host)" }

    package var json: JSON {
        .object([
            "version": .integer(Self.version),
            "topology": .string(topology),
            "host": .string(host),
            "entries": entries.json,
            "former": former.json,
        ])
    }

    /// Nil if `json` is not a ledger of this version.
    package init?(json: JSON) {
        guard json["version"]?.integer == Self.version, let topology = json["topology"]?.string,
            let host = json["host"]?.string, let entries = json["entries"].flatMap(HostState.init(json:)),
            let former = json["former"].flatMap(HostState.init(json:))
        else { return nil }
        self.init(topology: topology, host: host, entries: entries, former: former)
    }
}
