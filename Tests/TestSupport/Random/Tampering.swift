package import NetworkState

/// One thing in the kernel of one node that is removed, altered or added, behind everybody's back.
package struct Tampering: Hashable, Sendable, CustomStringConvertible {
    package let node: String
    package let identity: Resource.Identity
    /// Nil for what is removed.
    package let after: Resource?

    package init(_ node: String, removing resource: Resource) {
        self.node = node
        identity = resource.identity
        after = nil
    }

    package init(_ node: String, setting resource: Resource) {
        self.node = node
        identity = resource.identity
        after = resource
    }

    package var description: String {
        let name = "\(identity.kind) \(node)/\(identity)"
        return after.map { "\(name): \($0.attributes.text)" } ?? "\(name) removed"
    }

    /// Nil where it would change nothing, or where what it needs is not there.
    package func change(of namespaces: [String: NamespaceState]) -> Change? {
        guard let state = namespaces[node], state[identity] != after else { return nil }
        guard after?.devices.allSatisfy({ state.links[$0] != nil }) ?? true else { return nil }
        return Change(in: .named(node), from: state[identity], to: after)
    }
}
