package import NetworkState

/// What a topology declares for one host, and where it says so.
package struct Declaration: Sendable {
    package private(set) var state = HostState()
    /// Containers whose namespaces have to be there before anything of ours is.
    package private(set) var workloads: [Workload] = []
    private var pointers: [ResourcePlace: JSONPointer] = [:]

    package struct Workload: Sendable {
        package let container: String
        package let netns: Netns
        let pointer: JSONPointer
    }

    package init() {}

    package mutating func declare(_ resource: Resource, in netns: Netns = .own, at pointer: JSONPointer) {
        state.insert(resource, in: netns)
        pointers[ResourcePlace(resource.identity, in: netns)] = pointer
    }

    mutating func expect(_ container: String, in netns: Netns, at pointer: JSONPointer) {
        workloads.append(Workload(container: container, netns: netns, pointer: pointer))
    }

    /// Where the topology says so, or nil for what is not declared.
    package func pointer(to identity: Resource.Identity, in netns: Netns) -> JSONPointer? {
        pointers[ResourcePlace(identity, in: netns)]
    }
}
