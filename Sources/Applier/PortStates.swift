import CLinux
import Glibc
import Netlink
package import NetworkState

extension Applier {
    /// Waits until all ports of the bridges in `netns` forward; false if they still do not when `limit` is over.
    ///
    /// A bridge enables a port when the kernel's link watch has told it of the port's carrier, some time after the
    /// link has come up (`br_port_carrier_check` in net/bridge/br_if.c, `linkwatch_do_dev` in net/core/link_watch.c).
    /// What is sent before then is lost, and ARP asks again only after a second. Of many links at once it leaves all but
    /// the first hundred for a second later, unless somebody asks for the link.
    package mutating func awaitForwarding(in netns: Netns, within limit: Duration) throws(ApplyError) -> Bool {
        guard let namespace = try namespaces.opened(netns) else { return true }
        let deadline = ContinuousClock.now + limit
        repeat {
            do throws(NetlinkError) {
                let ports = try namespace.links().filter { $0.controller != nil }
                let states = try namespace.portStates(of: ports.map(\.name))
                if states.allSatisfy({ $0 == PortState.forwarding }) { return true }
            } catch { throw ApplyError(observing: netns, error) }
            usleep(1_000)
        } while ContinuousClock.now < deadline
        return false
    }
}

extension Applier {
    /// Has the kernel see now to every link in `netns` that has just got its carrier: until then it sends nothing. Those links that
    /// were there when this value last looked, if it has.
    package mutating func noticeCarriers(in netns: Netns) throws(ApplyError) {
        guard let namespace = try namespaces.opened(netns) else { return }
        do throws(NetlinkError) {
            let known = namespace.indices.links
            _ = try namespace.portStates(of: known.isEmpty ? namespace.links().map(\.name) : known)
        } catch { throw ApplyError(observing: netns, error) }
    }
}

extension OpenNamespace {
    /// Of those of `links` that are a bridge's ports. Each link is asked for by itself: before it answers that, and not before a
    /// dump, the kernel sees to what has become of the carrier (`rtnl_getlink` in net/core/rtnetlink.c of newer kernels).
    fileprivate func portStates(of links: [LinkName]) throws(NetlinkError) -> [UInt8] {
        var batch = MessageBatch()
        for link in links { batch.append(LinkCodec.query(link)) }
        var states: [UInt8] = []
        // A link that has gone meanwhile is no port.
        _ = try execute(batch) { (_, message) throws(NetlinkError) in
            if let state = try PortState.read(message) { states.append(state) }
        }
        return states
    }
}

/// Where a bridge is with one of its ports: `BR_STATE_*` in linux/if_bridge.h.
enum PortState {
    static let forwarding = UInt8(BR_STATE_FORWARDING)

    /// Nil for a link that is no bridge's port.
    static func read(_ message: RawSpan) throws(NetlinkError) -> UInt8? {
        var state: UInt8?
        try Attributes(message, after: ifinfomsg.self).forEach { (type, value) throws(NetlinkError) in
            if Int(type) == IFLA_LINKINFO { state = try read(info: value) }
        }
        return state
    }

    private static func read(info: RawSpan) throws(NetlinkError) -> UInt8? {
        var state: UInt8?
        try Attributes(info).forEach { (type, value) throws(NetlinkError) in
            guard Int(type) == IFLA_INFO_SLAVE_DATA else { return }
            try Attributes(value).forEach { (type, value) throws(NetlinkError) in
                if Int(type) == IFLA_BRPORT_STATE { state = try value.integer() }
            }
        }
        return state
    }
}
