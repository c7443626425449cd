extension Ledger {
    /// The bytes of the text of ``json``, a line a resource, and the ``stableHash(_:)`` of its line, written once and straight
    /// from the entries: a large lab's would be tens of thousands of dictionaries first.
    package var hashedText: (bytes: [UInt8], hash: UInt64) {
        var writer = JSONWriter(.tabular)
        writer.write(self)
        let hash = writer.hash
        return (writer.bytes + [UInt8(ascii: "\n")], hash)
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
    /// As ``Ledger/json`` says it.
    package mutating func write(_ ledger: Ledger) { object(ledger.members) }

    /// As ``HostState/json`` says it.
    package mutating func write(_ state: HostState) {
        array(state.sortedNamespaces) { writer, space in
            let name: [(String, Writing)] =
                space.netns.name.map { name in [("netns", { $0.write(.string(name)) })] } ?? []
            writer.object(name + [("resources", { $0.write(space.state.resources) })])
        }
    }

    private mutating func write(_ resources: [Resource]) {
        array(resources) { writer, resource in
            writer.row { row in
                guard row.isInline else {
                    let kind = resource.kind
                    return row.object([("is", { $0.write(resource) }), ("kind", { $0.quote(kind) })])
                }
                row.append("{\"is\":")
                row.write(resource)
                row.append(",\"kind\":\"")
                row.append(resource.kind)
                row.append("\"}")
            }
        }
    }

    /// As ``Change/json`` says them.
    package mutating func write(_ changes: [Change]) {
        array(changes) { writer, change in
            writer.row { $0.write(change) }
        }
    }

    private mutating func write(_ change: Change) {
        append("{")
        for (key, resource) in [("\"after\":", change.after), ("\"before\":", change.before)] {
            guard let resource else { continue }
            append(key)
            write(resource)
            append(",")
        }
        append("\"kind\":\"")
        append(change.resource.kind)
        append("\"")
        if let name = change.netns.name {
            append(",\"netns\":")
            quote(name)
        }
        append("}")
    }
}
