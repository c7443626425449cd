extension Ledger {
    /// The bytes of the canonical text of ``json``, and the ``stableHash(_:)`` of its line, written once and straight from the
    /// entries: a large lab's would be tens of thousands of dictionaries first.
    package var hashedText: (bytes: [UInt8], hash: UInt64) {
        var writer = JSONWriter(isIndented: true)
        writer.write(self)
        return (writer.bytes + [UInt8(ascii: "\n")], writer.hash.value)
    }

    /// In order.
    fileprivate var members: [(String, JSONWriter.Writing)] {
        let head: [(String, JSONWriter.Writing)] =
            earlier.isEmpty ? [] : [("earlier", { writer in writer.array(earlier) { $0.write($1) } })]
        return head + [
            ("entries", { $0.write(entries) }),
            ("former", { $0.write(former) }),
            ("host", { $0.write(.string(host)) }),
            ("namespaces", { $0.write(.array(namespaces.sorted().map(JSON.string))) }),
            ("topology", { $0.write(.string(topology)) }),
            ("version", { $0.write(.integer(Self.version)) }),
        ]
    }
}

extension JSONWriter {
    /// How the value of a member is written.
    package typealias Writing = (inout JSONWriter) -> Void

    /// As ``Ledger/json`` says it.
    package mutating func write(_ ledger: Ledger) { object(ledger.members) { $1(&$0) } }

    /// As ``HostState/json`` says it.
    fileprivate mutating func write(_ state: HostState) {
        array(state.sortedNamespaces) { writer, space in
            let name: [(String, Writing)] =
                space.netns.name.map { name in [("netns", { $0.write(.string(name)) })] } ?? []
            writer.object(name + [("resources", { $0.write(space.state.resources) })]) { $1(&$0) }
        }
    }

    private mutating func write(_ resources: [Resource]) {
        array(resources) { writer, resource in
            let members: [(String, Writing)] = [
                ("is", { $0.object(resource.jsonMembers) }), ("kind", { $0.write(.string(resource.identity.kind)) }),
            ]
            writer.object(members) { $1(&$0) }
        }
    }
}
