import CLinux
import Netlink
import NetworkState

extension IPAddress.Family {
    /// `AF_INET` or `AF_INET6`; nil for any other number.
    init?(wire number: UInt8) {
        switch CInt(number) {
        case AF_INET: self = .v4
        case AF_INET6: self = .v6
        default: return nil
        }
    }

    var wire: UInt8 { UInt8(self == .v4 ? AF_INET : AF_INET6) }
}

extension RawSpan {
    /// The payload as an address of 4 or 16 bytes in network byte order.
    func address() throws(NetlinkError) -> IPAddress {
        switch byteCount {
        case 4: return IPAddress(v4: UInt32(bigEndian: try integer()))
        case 16: return IPAddress(family: .v6, bits: UInt128(bigEndian: try integer()))
        default: throw .malformedPayload(length: byteCount)
        }
    }
}
