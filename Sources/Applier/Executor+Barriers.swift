import Glibc
import Netlink
import NetworkState

extension Executor {
    /// Makes links, and sets them up once all are made: were a name taken, the settings would hit somebody else's link.
    mutating func add(_ group: Range<Int>) {
        for step in group where goesOn { create(step) }
        flush()
        let failed = Set(failures.map(\.change))
        for step in group where goesOn && !failed.contains(steps[step].change) {
            madeLinks.insert(steps[step].change.place)
            compose(step)
        }
    }

    private mutating func create(_ step: Int) {
        let change = steps[step].change
        guard case .link(let link) = change.after, let kind = link.creationKind(in: change.netns),
            let namespace = namespace(for: step)
        else { return }
        if link.kind == .tun { return createTUN(link.name, step, in: namespace) }
        var descriptor: CInt?
        if let peer = link.peer, peer.netns != change.netns {
            do throws(SystemError) {
                descriptor = try namespaces.find(peer.netns)?.namespace.descriptor.rawValue
            } catch { return fail(step, .system(error)) }
            guard descriptor != nil else { return fail(step, .missingNetns(peer.netns.name ?? "")) }
        }
        if let parent = link.parent, !isKnown(parent, for: step, in: namespace) { return }
        append(
            LinkCodec.creation(of: link, kind: kind, peerDescriptor: descriptor, namespace.indices), of: step,
            to: namespace)
    }

    /// rtnetlink makes no TUN links (`tun_validate` in drivers/net/tun.c): they come from a device file.
    private mutating func createTUN(_ name: LinkName, _ step: Int, in namespace: OpenNamespace) {
        flush()
        guard goesOn else { return }
        namespaces.modifyingMessageCount += 1
        do throws(SystemError) {
            try TunDevice.makePersistent(name: name.text, in: namespace.namespace)
            begin(step)
        } catch { fail(step, .system(error)) }
    }

    mutating func changeNamespace(_ step: Int) {
        let change = steps[step].change
        do throws(SystemError) {
            if change.after == nil {
                removeVeths(of: step)
                try namespaces.remove(change.netns)
            } else if change.before == nil {
                try namespaces.create(change.netns)
            }
            begin(step)
        } catch { fail(step, .system(error)) }
    }

    /// The kernel takes a namespace apart some time after its end, and until then the names of the veth pairs' other
    /// ends are taken. A pair that is removed by name is gone at once.
    private mutating func removeVeths(of step: Int) {
        guard let namespace = namespace(for: step) else { return }
        do throws(NetlinkError) {
            var batch = MessageBatch()
            for link in try namespace.links() where link.kind == "veth" {
                batch.append(LinkCodec.removal(of: link.name))
            }
            guard !batch.isEmpty else { return }
            namespaces.modifyingMessageCount += batch.count
            begin(step)
            let refusals = try namespace.execute(batch)
            // Both ends may lie in there, and then the second is gone with the first.
            if let refusal = refusals.first(where: { !$0.error.saysNotThere }) { throw refusal.error }
        } catch { fail(step, .netlink(error)) }
    }
}

extension NetlinkError {
    /// Whether what the request is about does not exist: a route, a neighbour, a link, or an address.
    var saysNotThere: Bool {
        guard let errno else { return false }
        return [ESRCH, ENOENT, ENODEV, EADDRNOTAVAIL].contains(errno)
    }
}
