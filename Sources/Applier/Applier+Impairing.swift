import Netlink
package import NetworkState

/// Links of a lab that are impaired. No plan knows of it, and none undoes it.
extension Applier {
    /// Has the packets of one end of a wire suffer; at the other end it takes the same. What it suffered before is over.
    package mutating func impair(
        _ link: LinkName, in netns: Netns, _ impairment: Impairment, by means: ImpairmentMeans
    ) throws(ApplyError) {
        let attempt = "tc qdisc replace dev \(link) root netem \(impairment.text)"
        try attempting(attempt, in: netns) { namespace throws(ApplyError.Cause) in
            if means == .netem { return try namespace.setNetem(impairment, on: link) }
            if let rate = impairment.rate {
                try namespace.setTBF(rate: rate, on: link)
            } else {
                try namespace.clearQueue(of: link)
            }
            if impairment.loss > 0 {
                try namespace.setRandomDrop(impairment.loss, on: link)
            } else {
                try namespace.clearRandomDrop(on: link)
            }
        }
    }

    package mutating func clearImpairment(of link: LinkName, in netns: Netns) throws(ApplyError) {
        try attempting("tc qdisc delete dev \(link) root", in: netns) { namespace throws(ApplyError.Cause) in
            try namespace.clearQueue(of: link)
            try namespace.clearRandomDrop(on: link)
        }
    }

    /// Of every link that is impaired, as the kernel has it.
    package mutating func impairments(in netns: Netns) throws(ApplyError) -> [LinkName: Impairment] {
        try attempting("tc qdisc show", in: netns) { namespace throws(ApplyError.Cause) in
            var found = try namespace.queues()
            for link in namespace.droppingLinks {
                found[link, default: Impairment()].loss = try namespace.loss(on: link) ?? 0
            }
            return found
        }
    }

    /// `ip link set dev NAME up`, or down.
    package mutating func set(_ link: LinkName, in netns: Netns, isUp: Bool) throws(ApplyError) {
        let attempt = "ip link set dev \(link) \(isUp ? "up" : "down")"
        try attempting(attempt, in: netns) { namespace throws(ApplyError.Cause) in
            try namespace.send(LinkCodec.setting(isUp: isUp, of: link))
        }
    }

    private func attempting<Value>(
        _ attempt: String, in netns: Netns, _ body: (OpenNamespace) throws(ApplyError.Cause) -> Value
    ) throws(ApplyError) -> Value {
        do throws(ApplyError.Cause) {
            guard let namespace = try found(netns) else { throw .missingNetns(netns.name ?? "") }
            return try body(namespace)
        } catch {
            throw error.permissionReason.map { .unprivileged(attempt: attempt, reason: $0, .unchanged) }
                ?? .refused(attempt: attempt, error, in: netns)
        }
    }

    private func found(_ netns: Netns) throws(ApplyError.Cause) -> OpenNamespace? {
        do throws(SystemError) { return try namespaces.find(netns) } catch { throw .system(error) }
    }
}
