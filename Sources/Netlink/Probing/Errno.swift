import Glibc

/// The numbers of errno(3) that say why a packet did not leave, for targets that import no C.
package enum Errno {
    package static let notPermitted = EPERM
    package static let permissionDenied = EACCES
    package static let invalidArgument = EINVAL
    package static let noBufferSpace = ENOBUFS
    package static let messageTooLong = EMSGSIZE
    package static let networkUnreachable = ENETUNREACH
    package static let hostUnreachable = EHOSTUNREACH
    package static let crossDeviceLink = EXDEV
    package static let connectionRefused = ECONNREFUSED
    package static let inputOutput = EIO
    package static let busy = EBUSY
    package static let connectionReset = ECONNRESET
    package static let timedOut = ETIMEDOUT
    package static let wouldBlock = EAGAIN

    /// The C library's words for `code`.
    package static func text(_ code: CInt) -> String { unsafe String(cString: strerror(code)) }
}
