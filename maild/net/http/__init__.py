"""Mail services by HTTPS: `HttpClient.post` sends a form, `HttpClient.shake_hands` only looks who is there."""

from maild.net.http.answer import HttpAnswer
from maild.net.http.client import HttpClient
from maild.net.http.error import HttpError
from maild.net.http.form import FormBody, FormFile
from maild.net.http.request import Base64Piece, HttpRequest, Piece
from maild.net.http.trust import Trust
from maild.net.piece import DecodedPiece, FilePiece, PlainPiece

__all__ = [
    "Base64Piece",
    "DecodedPiece",
    "FilePiece",
    "FormBody",
    "FormFile",
    "HttpAnswer",
    "HttpClient",
    "HttpError",
    "HttpRequest",
    "Piece",
    "PlainPiece",
    "Trust",
]
