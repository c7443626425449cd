import NetworkState

/// Reports containers that would share a namespace, or have two.
func checkWorkloads(_ roster: Roster, _ diagnostics: inout Diagnostics) {
    var owners: [Netns: JSONPointer] = [:]
    var told: Set<JSONPointer> = []
    for host in roster.hosts {
        for container in host.containers.written {
            guard let written = host.written(container), told.insert(written.pointer).inserted else { continue }
            let node = Node(kind: .container, name: written.label)
            if case .written(_, let file) = written.netns, case .written(_, let process) = written.process {
                diagnostics.report(.netnsAndProcess(of: node, at: process, file))
            }
            for (key, member) in [("netns", written.netns), ("pid", written.process)] {
                guard case .written(let netns, let place) = member else { continue }
                if written.name.value?.range != nil {
                    diagnostics.report(.uniqueInRange(key, of: node, at: place))
                } else if let other = owners.updateValue(place, forKey: netns) {
                    diagnostics.report(.duplicateNetns(netns, at: place, with: other))
                }
            }
        }
    }
}
