// Links with a part of their attributes, for what a declaration leaves open.
extension Link {
    /// This link, with what `other` says of each attribute that this one leaves open.
    package func completed(by other: Link) -> Link {
        var link = self
        link.mtu = mtu ?? other.mtu
        link.address = address ?? other.address
        link.membership = membership ?? other.membership
        link.alias = alias ?? other.alias
        link.addrGenMode = addrGenMode ?? other.addrGenMode
        link.isUp = isUp ?? other.isUp
        return link
    }

    /// This link, with those of its attributes alone that `other` says something of, too.
    package func limited(to other: Link) -> Link {
        var link = self
        if other.mtu == nil { link.mtu = nil }
        if other.address == nil { link.address = nil }
        if other.membership == nil { link.membership = nil }
        if other.alias == nil { link.alias = nil }
        if other.addrGenMode == nil { link.addrGenMode = nil }
        if other.isUp == nil { link.isUp = nil }
        return link
    }

    /// This link, with those of its attributes alone that `other` leaves open.
    package func without(_ other: Link) -> Link {
        var link = self
        if other.mtu != nil { link.mtu = nil }
        if other.address != nil { link.address = nil }
        if other.membership != nil { link.membership = nil }
        if other.alias != nil { link.alias = nil }
        if other.addrGenMode != nil { link.addrGenMode = nil }
        if other.isUp != nil { link.isUp = nil }
        return link
    }

    /// Whether it has something to say of every attribute that `other` has.
    package func covers(_ other: Link) -> Bool { other.without(self) == Link(name: name, kind: other.kind) }

    /// What the kernel makes of a link of this name and kind that is given nothing else, as far as anyone can know
    /// beforehand. Addresses are random, or derived; the MTU of a tunnel follows from what it sends over, and that of a
    /// bridge from its ports, but only until it has been given one (`br_change_mtu` in net/bridge/br_device.c); how
    /// link-local addresses are made is the namespace's choice (`addr_gen_mode` of `default`).
    package var asMade: Link {
        var link = Link(name: name, kind: kind, membership: Membership.none, alias: "", isUp: false)
        switch kind {
        // `ether_setup` in net/ethernet/eth.c, `tun_net_initialize` in drivers/net/tun.c
        case .veth, .tun: link.mtu = 1500
        case .loopback, .bridge, .vxlan, .ipip, .other, nil: break
        }
        return link
    }
}
