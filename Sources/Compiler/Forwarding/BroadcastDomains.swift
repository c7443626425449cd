import NetworkState

/// Which links share a wire, directly or through bridges, and who is to be found there.
///
/// Veth pairs and bridges make a forest: a tree for each broadcast domain, in which a frame's way from link to link is the way
/// between two of its places. Links are known by their numbers in the network; a bridge stands for its ports.
struct BroadcastDomains: Sendable {
    /// The way towards the root: by which link of the bridge or link itself, and by which of the next.
    private struct Edge: Sendable {
        let next: Int
        let own: Int
        let far: Int
    }

    /// A bridge that a frame comes through, by which ports.
    struct Crossing: Hashable, Sendable {
        let bridge: Int
        let incoming: Int
        let outgoing: Int
    }

    private var domains: [Int32]
    private var depths: [Int32]
    private var edges: [Edge?]
    /// Of each domain, the links with a network layer of their own.
    private(set) var members: [[Int]] = []

    /// - `vertices`: what stands for each link: itself, or the bridge that it is a port of; -1 for what sends no frames.
    /// - `wires`: the ends of veth pairs that are up at both.
    init(vertices: [Int], wires: [(Int, Int)]) {
        domains = Array(repeating: -1, count: vertices.count)
        depths = Array(repeating: 0, count: vertices.count)
        edges = Array(repeating: nil, count: vertices.count)
        var neighbours: [Int: [Edge]] = [:]
        for (one, other) in wires where vertices[one] >= 0 && vertices[other] >= 0 {
            neighbours[vertices[one], default: []].append(Edge(next: vertices[other], own: one, far: other))
            neighbours[vertices[other], default: []].append(Edge(next: vertices[one], own: other, far: one))
        }
        for link in vertices.indices where vertices[link] == link && domains[link] < 0 {
            grow(from: link, neighbours)
        }
    }

    private mutating func grow(from root: Int, _ neighbours: [Int: [Edge]]) {
        let domain = members.count
        members.append([])
        domains[root] = Int32(domain)
        var open = [root]
        var next = 0
        while next < open.count {
            let place = open[next]
            next += 1
            members[domain].append(place)
            for edge in neighbours[place] ?? [] where domains[edge.next] < 0 {
                domains[edge.next] = Int32(domain)
                depths[edge.next] = depths[place] + 1
                edges[edge.next] = Edge(next: place, own: edge.far, far: edge.own)
                open.append(edge.next)
            }
        }
    }

    /// Nil for a link that is no bridge's port and sends no frames.
    func domain(of link: Int) -> Int? { domains[link] < 0 ? nil : Int(domains[link]) }

    /// The way of a frame from one link to another of its domain: the port by which it leaves a bridge that it begins at, the
    /// bridges that it crosses, and the port by which it comes in.
    func way(from start: Int, to end: Int) -> (first: Int, crossings: [Crossing], last: Int) {
        var (up, down) = (start, end)
        var (rising, falling): ([Edge], [Edge]) = ([], [])
        while up != down {
            if depths[up] >= depths[down], let edge = edges[up] {
                rising.append(edge)
                up = edge.next
            } else if let edge = edges[down] {
                falling.append(Edge(next: down, own: edge.far, far: edge.own))
                down = edge.next
            } else {
                break
            }
        }
        let steps = rising + falling.reversed()
        let crossings = zip(steps, steps.dropFirst()).map { before, after in
            Crossing(bridge: before.next, incoming: before.far, outgoing: after.own)
        }
        return (steps.first?.own ?? start, crossings, steps.last?.far ?? end)
    }
}
