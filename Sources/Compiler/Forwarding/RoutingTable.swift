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

    private var groups: [Group] = []
    private let routes: [Route]

    /// Routes for a type of service of their own match no packet without one (`fib_table_lookup` in net/ipv4/fib_trie.c).
    init(_ routes: some Sequence<Route>) {
        self.routes = routes.filter { $0.tos == 0 }.sorted {
            ($0.destination, $0.metric) < ($1.destination, $1.metric)
        }
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

    /// The first of the longest prefix that `isUsable`; where none is, of the next shorter one.
    package func match(_ address: IPAddress, where isUsable: (Route) -> Bool) -> Route? {
        place(of: address, where: isUsable).map { routes[$0] }
    }

    /// Which of the table's routes that is.
    func place(of address: IPAddress, where isUsable: (Route) -> Bool) -> Int? {
        var place = last(notAfter: address)
        while place >= 0 {
            let group = groups[place]
            if group.prefix.contains(address) {
                for index in group.routes where isUsable(routes[Int(index)]) { return Int(index) }
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
            if groups[middle].prefix.address <= address { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}
