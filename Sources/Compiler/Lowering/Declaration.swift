package import NetworkState

/// What a topology declares for one host, and where it says so.
package struct Declaration: Sendable {
    private struct Place: Hashable {
        let netns: Netns
        let identity: Resource.Identity
    }

    package private(set) var state = HostState()
    private var pointers: [Place: JSONPointer] = [:]

    package init() {}

    package mutating func declare(_ resource: Resource, in netns: Netns = .own, at pointer: JSONPointer) {
        state.insert(resource, in: netns)
        pointers[Place(netns: netns, identity: resource.identity)] = pointer
    }

    /// Where the topology says so, or nil for what is not declared.
    package func pointer(to identity: Resource.Identity, in netns: Netns) -> JSONPointer? {
        pointers[Place(netns: netns, identity: identity)]
    }
}
