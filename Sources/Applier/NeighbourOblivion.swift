import Netlink
package import NetworkState

extension Applier {
    /// `ip neighbour flush`: has the kernel forget the neighbours that it has learnt in `namespaces`, so that it asks for
    /// them anew.
    package mutating func forgetNeighbours(in namespaces: [Netns]) throws(ApplyError) {
        for netns in namespaces {
            guard let namespace = try self.namespaces.opened(netns) else { continue }
            do throws(NetlinkError) {
                _ = try namespace.links()
                let indices = namespace.indices
                let neighbours = try namespace.dump(NeighbourCodec.dump()) { message throws(NetlinkError) in
                    try NeighbourCodec.read(message, indices)
                }
                var batch = MessageBatch()
                for neighbour in neighbours where neighbour.state == .dynamic {
                    batch.append(NeighbourCodec.removal(of: neighbour, indices))
                }
                // What is refused has gone by itself.
                if !batch.isEmpty { _ = try namespace.execute(batch) }
            } catch { throw ApplyError(observing: netns, error) }
        }
    }
}
