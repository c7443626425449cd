import Glibc
import Netlink
import NetworkState

/// A namespace with a socket in it and the numbers of its links, kept from one request to the next.
final class OpenNamespace {
    let namespace: NetworkNamespace
    let identity: NetworkNamespace.Identity
    /// What no other namespace is ever called by, where the kernel tells it.
    let cookie: UInt64?
    private var socket: NetlinkSocket
    var indices = InterfaceIndices()
    private(set) var nextHops = NextHops()

    init(
        _ namespace: consuming NetworkNamespace, queueCapacity: CInt = NetlinkSocket.queueCapacity
    ) throws(SystemError) {
        identity = try namespace.identity
        socket = try namespace.run { () throws(SystemError) in
            try NetlinkSocket.open(queueCapacity: queueCapacity)
        }
        cookie = socket.namespaceCookie
        self.namespace = namespace
    }

    /// The number of the link called `name`, asked of the kernel if it is not known yet; nil if there is no such link.
    func index(of name: LinkName) throws(NetlinkError) -> UInt32? {
        if let index = indices.index(of: name) { return index }
        var found: LinkRecord?
        do throws(NetlinkError) {
            try socket.execute(LinkCodec.query(name)) { payload throws(NetlinkError) in
                found = try LinkCodec.read(payload)
            }
        } catch {
            guard error.saysNotThere else { throw error }
        }
        if let found { indices.insert(found.name, at: found.index) }
        return found?.index
    }

    func execute(
        _ batch: MessageBatch, receive: (Int, RawSpan) throws(NetlinkError) -> Void = { _, _ in }
    ) throws(NetlinkError) -> [Refusal] {
        try socket.execute(batch, receive: receive)
    }

    func dump<Element>(
        _ request: Message, _ read: (RawSpan) throws(NetlinkError) -> Element?
    ) throws(NetlinkError) -> [Element] {
        try socket.dump(request, read)
    }

    /// Every link, with ``indices`` brought up to date.
    func links() throws(NetlinkError) -> [LinkRecord] {
        let links = try socket.dump(LinkCodec.dump(), LinkCodec.read)
        indices = InterfaceIndices(links)
        return links
    }

    /// Every next-hop object, as ``nextHops`` has it from then on; call it after ``links()``. Where the kernel has not heard
    /// of any (`rtnetlink_rcv_msg` in net/core/rtnetlink.c), nothing is known of them.
    func nextHopObjects() throws(NetlinkError) -> NextHops {
        nextHops = NextHops()
        let records: [NextHopCodec.Record]
        do throws(NetlinkError) {
            records = try socket.dump(NextHopCodec.dump()) { message throws(NetlinkError) in
                try NextHopCodec.read(message, indices)
            }
        } catch {
            guard error.errno == EOPNOTSUPP else { throw error }
            return nextHops
        }
        nextHops.areKnown = true
        for record in records {
            switch record {
            case .ours(let object): nextHops.ours.insert(object)
            case .foreign(let id, let members):
                nextHops.foreign.insert(id)
                nextHops.grouped.formUnion(members)
            }
        }
        return nextHops
    }
}

/// One host's namespaces, each opened when it is first needed.
final class OpenNamespaces {
    private let place: HostNamespaces
    private let queueCapacity: CInt
    let settings: SettingFiles
    private var opened: [Netns: OpenNamespace] = [:]
    private var hasFiles = false
    /// How many requests that change something have been sent, settings and namespaces included.
    var modifyingMessageCount = 0

    init(_ place: HostNamespaces, queueCapacity: CInt, _ settings: SettingFiles) {
        self.place = place
        self.queueCapacity = queueCapacity
        self.settings = settings
    }

    /// Nil if no namespace has that name.
    func find(_ netns: Netns) throws(SystemError) -> OpenNamespace? {
        if let namespace = opened[netns] { return namespace }
        guard let name = place.name(of: netns) else { return try keep(NetworkNamespace.current(), as: netns) }
        guard place.names.exists(name) else { return nil }
        return try keep(place.names.open(name), as: netns)
    }

    /// As ``find(_:)``, where no change is being made.
    func opened(_ netns: Netns) throws(ApplyError) -> OpenNamespace? {
        try systemCalls { () throws(SystemError) in try find(netns) }
    }

    private func keep(
        _ namespace: consuming NetworkNamespace, as netns: Netns
    ) throws(SystemError) -> OpenNamespace {
        if opened.isEmpty { try DescriptorLimit.raise() }
        let namespace = try OpenNamespace(namespace, queueCapacity: queueCapacity)
        if netns.isFile || hasFiles { try checkIsAlone(namespace, as: netns) }
        hasFiles = hasFiles || netns.isFile
        opened[netns] = namespace
        return namespace
    }

    /// A file that somebody else has made may stand for any namespace: one that has two names would be changed twice.
    private func checkIsAlone(_ namespace: OpenNamespace, as netns: Netns) throws(SystemError) {
        let other = opened.first { $0.key != netns && $0.value.identity == namespace.identity }
        guard let other else { return }
        let names = [netns, other.key].map { $0.name ?? "the host's own namespace" }
        throw SystemError(
            "open network namespace \(names[0])", errno: EINVAL,
            explanation: "it is that of \(names[1]); a container needs one of its own")
    }

    /// Lets go of those whose name by now stands for another namespace, or for none.
    func forgetReplaced() {
        opened = opened.filter { netns, namespace in
            place.name(of: netns).map { place.names.identity(of: $0) == namespace.identity } ?? true
        }
    }

    /// `ip netns add NAME`
    func create(_ netns: Netns) throws(SystemError) {
        guard let name = place.name(of: netns) else { return }
        modifyingMessageCount += 1
        try place.names.create(name)
    }

    /// Clears away what a run that died may have left of those of `names` that it was making or removing.
    func removeLeftovers(of names: Set<String>) throws(ApplyError) {
        for name in names {
            try systemCalls { () throws(SystemError) in try place.names.removeLeftover(name) }
        }
    }

    /// `ip netns delete NAME`, having let go of it: what we hold open would keep it alive.
    func remove(_ netns: Netns) throws(SystemError) {
        opened[netns] = nil
        guard let name = place.name(of: netns), place.names.exists(name) else { return }
        modifyingMessageCount += 1
        try place.names.remove(name)
    }
}
