import Compiler
import NetworkState

extension Wiring {
    /// As a page reads it.
    var json: JSON {
        .members(["segments": .array(segments.map(\.json)), "machines": .array(machines.map(\.json))])
    }
}

extension Wiring.Segment {
    fileprivate var json: JSON {
        .members(["name": .string(name), "subnets": texts(subnets), "mtu": .integer(Int64(mtu))])
    }
}

extension Wiring.Machine {
    fileprivate var json: JSON {
        .members([
            "kind": .string(kind.rawValue),
            "name": .string(name),
            "links": .array(
                links.map { link in
                    .members([
                        "name": .string(link.name.text),
                        "segment": .string(link.segment),
                        "addresses": texts(link.addresses),
                    ])
                }),
            "blocks": texts(blocks),
            "containers": .array(
                containers.map { container in
                    .members([
                        "name": .string(container.name),
                        "link": .string(container.link.text),
                        "addresses": texts(container.addresses),
                    ])
                }),
        ])
    }
}

private func texts(_ values: [some CustomStringConvertible]) -> JSON { .array(values.map { .string($0.description) }) }
