/// A segment, router, host or container by its name, or the network of all containers: what messages speak of.
struct Node: Hashable, Sendable, CustomStringConvertible {
    enum Kind: String, Sendable {
        case segment, router, host, container, network
    }

    let kind: Kind
    let name: String

    var description: String { kind == .network ? "the network" : "\(kind.rawValue) \(quoted(name))" }
}
