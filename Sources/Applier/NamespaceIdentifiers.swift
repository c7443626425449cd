import CLinux
import Netlink
import NetworkState

extension OpenNamespaces {
    /// The identifiers that `netns` has for those of `others` that it has one for.
    ///
    /// A namespace numbers the others that its links lead into (`RTM_GETNSID`, ip-netns(8)), and these numbers alone
    /// tell where a veth pair's other end is.
    func identifiers(of others: [Netns], in netns: Netns) throws(ApplyError) -> [Int32: Netns] {
        guard !others.isEmpty, let asker = try opened(netns) else { return [:] }
        var asked: [(netns: Netns, namespace: OpenNamespace)] = []
        for other in others {
            if let namespace = try opened(other) { asked.append((other, namespace)) }
        }
        do throws(NetlinkError) {
            let identifiers = try asker.identifiers(of: asked.map(\.namespace))
            return Dictionary(
                identifiers.map { ($0.value, asked[$0.key].netns) }, uniquingKeysWith: { first, _ in first })
        } catch { throw ApplyError(observing: netns, error) }
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
