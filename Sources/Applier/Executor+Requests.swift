import Netlink
import NetworkState

extension Executor {
    /// Turns a step into requests and lets them wait for company.
    mutating func compose(_ step: Int) {
        let change = steps[step].change
        guard let namespace = namespace(for: step) else { return }
        for device in change.neededDevices {
            guard isKnown(device, for: step, in: namespace) else { return }
        }
        for request in change.requests(namespace.indices, isExact: mode == .restoring) {
            append(request, of: step, to: namespace)
        }
        if change.after == nil, case .link(let link) = change.before { namespace.indices.remove(link.name) }
    }

    /// The namespace that `step` changes, or else `step` has failed; unless it removes what went with the namespace.
    mutating func namespace(for step: Int) -> OpenNamespace? {
        let netns = steps[step].change.netns
        do throws(SystemError) {
            if let namespace = try namespaces.find(netns) { return namespace }
            if steps[step].change.after != nil { fail(step, .missingNetns(netns.name ?? "")) }
        } catch { fail(step, .system(error)) }
        return nil
    }

    /// Whether requests can name `device`, or else `step` has failed; unless it removes what went with the link.
    mutating func isKnown(_ device: LinkName, for step: Int, in namespace: OpenNamespace) -> Bool {
        if namespace.indices.index(of: device) != nil { return true }
        // The request that makes the link may be among those that wait.
        flush()
        guard goesOn else { return false }
        do throws(NetlinkError) {
            if try namespace.index(of: device) != nil { return true }
            if steps[step].change.after != nil { fail(step, .missingLink(device)) }
        } catch { fail(step, .netlink(error)) }
        return false
    }
}

extension Change {
    /// The links whose numbers its requests carry. A link's own request names it.
    fileprivate var neededDevices: [LinkName] {
        if after == nil, case .link = before { return [] }
        return resource.devices
    }

    /// Those that make the change, in order, once the links that they make by themselves are there.
    func requests(_ indices: InterfaceIndices, isExact: Bool) -> [Message] {
        switch after {
        case .link(let link): edit(to: link, isExact: isExact).requests(link.name, indices)
        case .address(let address):
            [before == nil ? AddressCodec.addition(of: address, indices) : AddressCodec.change(to: address, indices)]
        case .neighbour(let neighbour): [NeighbourCodec.replacement(with: neighbour, indices)]
        case .fdb(let entry): [ForwardingCodec.replacement(with: entry, indices)]
        case .nextHop(let object): [NextHopCodec.replacement(with: object, indices)]
        case .route(let route):
            [before == nil ? RouteCodec.addition(of: route, indices) : RouteCodec.replacement(with: route, indices)]
        case .netns, .sysctl, .table: []
        case nil: removalRequests(indices)
        }
    }

    private func removalRequests(_ indices: InterfaceIndices) -> [Message] {
        switch before {
        // The second end of a veth pair goes with the first, and a device that is not software stays.
        case .link(let link): link.creationKind(in: netns) == nil ? [] : [LinkCodec.removal(of: link.name)]
        case .address(let address): [AddressCodec.removal(of: address, indices)]
        case .neighbour(let neighbour): [NeighbourCodec.removal(of: neighbour, indices)]
        case .fdb(let entry): [ForwardingCodec.removal(of: entry, indices)]
        case .nextHop(let object): [NextHopCodec.removal(of: object)]
        case .route(let route): [RouteCodec.removal(of: route, indices)]
        case .netns, .sysctl, .table, nil: []
        }
    }

    private func edit(to link: Link, isExact: Bool) -> LinkEdit {
        if case .link(let before) = before { return LinkEdit(from: before, to: link, isExact: isExact) }
        var made = Link(name: link.name, isUp: false)
        if link.creationKind(in: netns) != nil {
            made.membership = Link.Membership.none
            if link.kind != .tun { (made.mtu, made.address) = (link.initialMTU, link.address) }
        }
        return LinkEdit(from: made, to: link, isExact: isExact)
    }
}

extension Link {
    /// What to create it as; nil if it is there without our doing, or comes with the other end of its pair.
    func creationKind(in netns: Netns) -> String? {
        isSoftware && isMadeByItself(in: netns) ? kind?.word : nil
    }

    /// Whether links of its kind can be made and removed.
    var isSoftware: Bool {
        kind.map { $0 != .loopback && !$0.word.isEmpty } ?? false
    }
}
