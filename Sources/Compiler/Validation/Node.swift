/// A segment, machine or container by its name, or the network of all containers: what messages speak of.
struct Node: Hashable, Sendable, CustomStringConvertible {
    enum Kind: String, Sendable {
        case segment, router, server, host, container, network
    }

    let kind: Kind
    let name: String

    var description: String {
        if kind == .network { return "the network" }
        // What has no readable name goes by its place in the file, which the excerpt shows.
        return name.hasPrefix("/") ? "this \(kind.rawValue)" : "\(kind.rawValue) \(quoted(name))"
    }
}
