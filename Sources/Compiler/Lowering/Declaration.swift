package import NetworkState

/// What a topology declares for one host, and where it says so.
package struct Declaration: Sendable {
    package private(set) var state = HostState()
    private var pointers: [ResourcePlace: JSONPointer] = [:]

    package init() {}

    package mutating func declare(_ resource: Resource, in netns: Netns = .own, at pointer: JSONPointer) {
        state.insert(resource, in: netns)
        pointers[ResourcePlace(resource.identity, in: netns)] = pointer
    }

    /// Where the topology says so, or nil for what is not declared.
    package func pointer(to identity: Resource.Identity, in netns: Netns) -> JSONPointer? {
        pointers[ResourcePlace(identity, in: netns)]
    }
}
