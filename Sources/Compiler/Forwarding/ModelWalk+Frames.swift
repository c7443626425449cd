import NetworkState

// From link to link.
extension ModelWalk {
    /// To whichever link has `target`, or answers for it.
    mutating func handOver(by link: Int, to target: IPAddress) -> Turn {
        let index = network.owner(of: link)
        let answer = ask(for: target, by: link)
        if isRecorded {
            let (name, resolution) = (network.link(link).name, resolution(answer))
            note(.resolves(link: name, target, resolution), at: index)
        }
        let address = network.link(link).link.address
        switch answer {
        case .silence: return endUnanswered(target, by: link)
        case .entry(let entry):
            rely(on: .neighbour(entry), at: index)
            guard let wanted = entry.linkLayerAddress else {
                return end(.neighbourUnreachable, at: index, "nobody has answered for \(target)", by: .neighbour(entry))
            }
            let frame = ModelPacket.LinkLayer(source: address, destination: wanted)
            if let vxlan = network.link(link).vxlan { return wrapInVXLAN(by: link, vxlan, frame) }
            if let peer = network.peer(of: link), !network.link(peer).isUp {
                return endWithoutCarrier(to: target, peer, by: link)
            }
            guard let taker = network.taker(of: wanted, around: link) else {
                flood(frame, from: link)
                let reason = "no link on the wire of \(network.name(of: link)) is \(wanted)"
                return end(.neighbourUnreachable, at: index, reason, by: .neighbour(entry))
            }
            return carry(frame, from: link, to: taker)
        case .link(let other, let isOwner):
            relyOnAnswer(of: other, for: target, isOwner)
            let frame = ModelPacket.LinkLayer(source: address, destination: network.link(other).link.address)
            if let vxlan = network.link(link).vxlan { return wrapInVXLAN(by: link, vxlan, frame) }
            return carry(frame, from: link, to: other)
        }
    }

    /// Who says that it has `target`, or has said so when it asked itself, which the one who is asked remembers (`arp_process` in
    /// net/ipv4/arp.c, `ndisc_recv_ns` in net/ipv6/ndisc.c).
    private mutating func ask(for target: IPAddress, by link: Int) -> NeighbourAnswer {
        let source = inquirer(by: link, for: target)
        let answer = network.answer(to: target, on: link, source: source)
        switch answer {
        case .silence where isAnswer:
            let known = acquaintances.first { $0.link == link && $0.address == target }
            return known.map { .link($0.other, isOwner: true) } ?? answer
        case .link(let other, _):
            if let source, !isAnswer {
                acquaintances.append(Acquaintance(link: other, address: source, other: link))
            }
            return answer
        case .entry, .silence: return answer
        }
    }

    private mutating func inquirer(by link: Int, for target: IPAddress) -> IPAddress? {
        let (node, source) = (node(network.owner(of: link)), packet.header.source)
        let inquirer = node.inquirer(on: network.place(of: link), for: target, from: source)
        if inquirer == source { hasReadSource = true }
        return inquirer
    }

    private func resolution(_ answer: NeighbourAnswer) -> Walk.Resolution {
        switch answer {
        case .entry(let entry): .entry(entry)
        case .silence: .silence
        case .link(let link, let isOwner):
            .answer(
                node: network.nodes[network.owner(of: link)].name, link: network.link(link).name,
                network.link(link).link.address, isOwner: isOwner)
        }
    }

    private mutating func relyOnAnswer(of link: Int, for target: IPAddress, _ isOwner: Bool) {
        if !isRecorded { return }
        let index = network.owner(of: link)
        rely(onLink: link)
        if isOwner { return rely(onAddress: target, at: index) }
        let name = network.link(link).name.text
        rely(onSetting: "\(Sysctl.settings(of: name, .v4))/proxy_arp", "1", at: index)
        rely(onSetting: Sysctl.forwarding, "1", at: index)
        rely(onSetting: Sysctl.forwarding(of: name), "1", at: index)
        if let (route, _) = node(index).decision(to: target, incoming: network.link(link).name) {
            rely(on: .route(route), at: index)
        }
    }

    private mutating func endUnanswered(_ target: IPAddress, by link: Int) -> Turn {
        let index = network.owner(of: link)
        let own = network.link(link)
        guard own.vxlan == nil, let peer = network.peer(of: link) else {
            return end(.neighbourUnreachable, at: index, "nobody answers for \(target) on \(network.name(of: link))")
        }
        if !network.link(peer).isUp { return endWithoutCarrier(to: target, peer, by: link) }
        let source = inquirer(by: link, for: target)
        if target.family == .v6, source == nil {
            let words = "\(network.name(of: link)) has no link-local address to ask for \(target) from"
            return end(.neighbourUnreachable, at: index, words)
        }
        let proxies = network.proxies(around: link).prefix(3)
        // Of Calico's gateway, which no link has, it is the other end that should.
        let silent = proxies.isEmpty && target == Calico.gateway ? [peer] : []
        let refusals = (silent + proxies).compactMap { proxy in
            network.refusal(ofProxy: proxy, for: target, source).map { (proxy, $0) }
        }
        let words = refusals.map { "\(network.name(of: $0)) would, but \($1.reason)" }
        let decider = refusals.compactMap { proxy, refusal in
            refusal.setting.map { Reliance(node: node(network.owner(of: proxy)).name, resource: .sysctl($0)) }
        }
        let reason = (["nobody answers for \(target) on \(network.name(of: link))"] + words).joined(separator: "; ")
        return .end(
            WalkEnding(
                disposition: .neighbourUnreachable, node: node(index).name, reason: reason, decider: decider.first))
    }

    /// A link whose other end is down sends nothing, however well it knows where to.
    private func endWithoutCarrier(to target: IPAddress, _ peer: Int, by link: Int) -> Turn {
        let reason = "\(target) is out of reach: \(network.name(of: peer)), the other end of the wire, is down"
        let decider = Reliance(
            node: node(network.owner(of: peer)).name, resource: .link(network.link(peer).link))
        return .end(
            WalkEnding(
                disposition: .neighbourUnreachable, node: node(network.owner(of: link)).name, reason: reason,
                decider: decider))
    }

    /// A frame through the bridges between two links.
    private mutating func carry(_ frame: ModelPacket.LinkLayer, from link: Int, to other: Int) -> Turn {
        let way = network.domains.way(from: link, to: other)
        let index = network.owner(of: link)
        pass(link, frame, at: index) { .sends($0) }
        if way.first != link {
            pass(way.first, frame, at: index) { .sends($0) }
            rely(onLink: way.first)
        }
        var last = way.first
        for crossing in way.crossings {
            let bridge = network.owner(of: crossing.bridge)
            for number in [crossing.incoming, crossing.outgoing] {
                if let turn = drop(tooBigFor: number, after: last) { return turn }
                rely(onLink: number)
                last = number
            }
            rely(onLink: crossing.bridge)
            note(.switches, at: bridge)
            pass(crossing.outgoing, frame, at: bridge) { .sends($0) }
        }
        if let turn = drop(tooBigFor: way.last, after: last) { return turn }
        if way.last != other { rely(onLink: way.last) }
        return .arrive(link: other, frame)
    }

    /// A frame for nobody gets everywhere: it is seen wherever a bridge hands it on (`br_flood` in net/bridge/br_forward.c).
    private mutating func flood(_ frame: ModelPacket.LinkLayer, from link: Int) {
        pass(link, frame, at: network.owner(of: link)) { .sends($0) }
        guard let domain = network.domains.domain(of: link) else { return }
        let crossings = network.domains.members[domain].filter { $0 != link }.flatMap { member in
            network.domains.way(from: link, to: member).crossings
        }
        for node in crossings.map({ network.owner(of: $0.bridge) })
        where !network.nodes[node].isSwitch && !hasVisited(node) {
            visit(node)
        }
    }

    /// What is larger than a link's MTU is dropped there without a word, with room for a VLAN's tag
    /// (`is_skb_forwardable` in include/linux/netdevice.h).
    private func drop(tooBigFor number: Int, after last: Int) -> Turn? {
        guard packet.header.length > network.mtu(of: number) + 4 else { return nil }
        let reason = "\(network.name(of: number)) drops \(packet.header.length) bytes without a word"
        return .end(
            WalkEnding(
                disposition: .tooBig(mtu: nil), node: node(network.owner(of: last)).name, reason: reason,
                decider: Reliance(
                    node: node(network.owner(of: number)).name, resource: .link(network.link(number).link))))
    }
}
