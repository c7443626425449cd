import CLinux
import Netlink
import NetworkState

extension OpenNamespaces {
    /// The identifiers that `netns` has for `others`, asked in turn until all of `wanted` are known.
    ///
    /// A namespace numbers the others that its links lead into (`RTM_GETNSID`, ip-netns(8)), and these numbers alone
    /// tell where a veth pair's other end is. For a container that is nearly always the host, which comes first.
    func identifiers(
        of others: [Netns], in netns: Netns, until wanted: Set<Int32>
    ) throws(ApplyError) -> [Int32: Netns] {
        guard let asker = try opened(netns) else { return [:] }
        var known: [Int32: Netns] = [:]
        var rest = others[...]
        var count = 1
        while !rest.isEmpty, !wanted.isSubset(of: known.keys) {
            var asked: [(Netns, OpenNamespace)] = []
            for other in rest.prefix(count) {
                if let namespace = try opened(other) { asked.append((other, namespace)) }
            }
            do throws(NetlinkError) {
                for (index, identifier) in try asker.identifiers(of: asked.map(\.1)) {
                    known[identifier] = asked[index].0
                }
            } catch { throw ApplyError(observing: netns, error) }
            rest = rest.dropFirst(count)
            count = 200
        }
        return known
    }
}

extension OpenNamespace {
    /// By the place in `others`; without those that this namespace has no identifier for.
    fileprivate func identifiers(of others: [OpenNamespace]) throws(NetlinkError) -> [Int: Int32] {
        var batch = MessageBatch()
        for other in others { batch.append(NamespaceIdentifierCodec.query(other.namespace.descriptor.rawValue)) }
        var identifiers: [Int: Int32] = [:]
        _ = try execute(batch) { (index, message) throws(NetlinkError) in
            identifiers[index] = try NamespaceIdentifierCodec.read(message)
        }
        return identifiers
    }
}

/// `RTM_GETNSID`, both ways.
enum NamespaceIdentifierCodec {
    static func query(_ descriptor: CInt) -> Message {
        var request = Message(type: RTM_GETNSID, family: rtgenmsg())
        request.put(NETNSA_FD, descriptor)
        return request
    }

    /// Nil if there is none (`NETNSA_NSID_NOT_ASSIGNED`).
    static func read(_ message: RawSpan) throws(NetlinkError) -> Int32? {
        var identifier: Int32 = NETNSA_NSID_NOT_ASSIGNED
        try Attributes(message, after: rtgenmsg.self).forEach { (type, value) throws(NetlinkError) in
            if Int(type) == NETNSA_NSID { identifier = try value.integer() }
        }
        return identifier == NETNSA_NSID_NOT_ASSIGNED ? nil : identifier
    }
}
