package import NetworkState

/// Routes of one family and table, for many longest-prefix matches.
///
/// Prefixes in the order of their addresses, each with the next larger one that it is in: a match is a binary search, and a
/// few steps outwards.
package struct RoutingTable: Sendable {
    /// Routes to one prefix, in the order of their metrics.
    private struct Group {
        let prefix: IPPrefix
        let routes: Range<Int32>
        /// The group of the longest prefix that this one is in, or -1.
        let outer: Int32
    }

    /// By which of a node's links a route leads.
    enum Exit {
        case link(Int32)
        /// By several next hops, by a link that the node does not have, or by none.
        case other
    }

    private var groups: [Group] = []
    private let routes: [Route]
    private let exits: [Exit]

    /// Routes for a type of service of their own match no packet without one (`fib_table_lookup` in net/ipv4/fib_trie.c).
    ///
    /// - `places`: of the node's links.
    init(_ routes: some Sequence<Route>, _ places: [LinkName: Int] = [:]) {
        let plain = routes.filter { $0.tos == 0 }
        // Moving numbers about is cheaper than moving routes.
        let order = plain.indices.sorted {
            (plain[$0].destination, plain[$0].metric) < (plain[$1].destination, plain[$1].metric)
        }
        self.routes = order.map { plain[$0] }
        exits = self.routes.map { Exit($0, places) }
        var open: [Int32] = []
        var first = 0
        while first < self.routes.count {
            let prefix = self.routes[first].destination
            let end = self.routes[first...].firstIndex { $0.destination != prefix } ?? self.routes.count
            while let last = open.last, !groups[Int(last)].prefix.contains(prefix) { open.removeLast() }
            open.append(Int32(groups.count))
            groups.append(
                Group(prefix: prefix, routes: Int32(first)..<Int32(end), outer: open.dropLast().last ?? -1))
            first = end
        }
    }

    package var count: Int { routes.count }

    /// In the order of their destinations.
    var all: [Route] { routes }

    /// By its place in the table.
    func route(_ place: Int) -> Route { routes[place] }

    func exit(_ place: Int) -> Exit { exits[place] }

    /// The first of the longest prefix that `isUsable`; where none is, of the next shorter one.
    package func match(_ address: IPAddress, where isUsable: (Route) -> Bool) -> Route? {
        place(of: address) { isUsable(routes[$0]) }.map { routes[$0] }
    }

    /// Which of the table's routes that is; `isUsable` is asked by their places.
    func place(of address: IPAddress, where isUsable: (Int) -> Bool) -> Int? {
        var place = last(notAfter: address)
        while place >= 0 {
            let group = groups[place]
            if group.prefix.contains(address) {
                for index in group.routes where isUsable(Int(index)) { return Int(index) }
            }
            place = Int(group.outer)
        }
        return nil
    }

    /// The last group whose prefix begins at `address` or before it, or -1. Whatever contains the address is it or around it.
    private func last(notAfter address: IPAddress) -> Int {
        var (low, high) = (0, groups.count)
        while low < high {
            let middle = (low + high) / 2
            if address < groups[middle].prefix.address { high = middle } else { low = middle + 1 }
        }
        return low - 1
    }
}

extension RoutingTable.Exit {
    fileprivate init(_ route: Route, _ places: [LinkName: Int]) {
        guard route.kind == .unicast, route.otherNextHops.isEmpty, let device = route.nextHop.device,
            let place = places[device]
        else {
            self = .other
            return
        }
        self = .link(Int32(place))
    }
}
