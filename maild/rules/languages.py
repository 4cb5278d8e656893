"""What the settings of a mail program are called in other languages, by the pointer of maild's key. Pure data.

Words of Thunderbird, Outlook and of providers' help pages in German, French, Spanish, Italian, Dutch, Portuguese,
Polish, Swedish, Russian, Chinese and Japanese. `_` stands for whatever separates words; accents may be missing.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "/smtp/host": """postausgangsserver postausgang ausgangsserver ausgehender_server serveradresse servername
            serveur serveur_sortant serveur_smtp serveur_d_envoi serveur_de_courrier_sortant nom_du_serveur hote
            nom_d_hote servidor servidor_de_salida servidor_smtp servidor_saliente servidor_de_correo_saliente
            nombre_del_servidor server_in_uscita server_di_posta_in_uscita server_posta_in_uscita nome_server
            nome_del_server uitgaande_server uitgaande_mailserver server_voor_uitgaande_mail servernaam
            servidor_de_saida servidor_de_envio nome_do_servidor serwer serwer_poczty_wychodzacej serwer_wychodzacy
            nazwa_serwera utgaende_server сервер хост сервер_исходящей_почты имя_сервера 服务器 发件服务器
            发送服务器 服务器地址 主机 smtp服务器 サーバー 送信サーバー サーバー名 ホスト smtpサーバー""",
        "/smtp/port": """porta puerto poort portnummer port_sortant numero_de_port puerto_de_salida porto
            port_wyjsciowy порт 端口 端口号 ポート ポート番号""",
        "/smtp/tls/mode": """verschlüsselung verschluesselung verschlüsselungsmethode verbindungssicherheit sicherheit
            transportverschlüsselung chiffrement sécurité sécurité_de_la_connexion seguridad cifrado
            seguridad_de_la_conexion sicurezza crittografia sicurezza_della_connessione beveiliging versleuteling
            verbindingsbeveiliging segurança criptografia szyfrowanie zabezpieczenia bezpieczeństwo_połączenia
            шифрование безопасность_соединения 加密 加密方式 暗号化 接続の保護""",
        "/smtp/auth": """authentifizierung authentifizierungsmethode anmeldeverfahren authentification
            méthode_d_authentification autenticación método_de_autenticación autenticazione metodo_di_autenticazione
            metodo_autenticazione verificatie verificatiemethode autenticação uwierzytelnianie метод_аутентификации
            认证方式 身份验证 認証方式""",
        "/username": """benutzername benutzer anmeldename benutzerkennung kennung nom_d_utilisateur utilisateur
            identifiant nom_de_compte usuario nombre_de_usuario nome_utente utente gebruikersnaam gebruiker
            nome_de_usuário usuário utilizador nazwa_użytkownika użytkownik användarnamn имя_пользователя
            пользователь логин 用户名 账号 帐号 ユーザー名 ユーザ名 アカウント""",
        "/password": """passwort kennwort mot_de_passe contraseña clave wachtwoord senha palavra_passe hasło haslo
            lösenord пароль 密码 授权码 パスワード""",
        "/email": """absender absenderadresse e_mail_adresse mailadresse expéditeur adresse_e_mail adresse_email
            courriel remitente correo correo_electrónico dirección_de_correo mittente indirizzo_e_mail
            indirizzo_email afzender e_mailadres remetente nadawca adres_e_mail отправитель 发件人 邮箱 邮箱地址
            差出人 メールアドレス""",
        "/name": """anzeigename absendername nom_affiché nom_de_l_expéditeur nombre_del_remitente
            nome_visualizzato weergavenaam nome_do_remetente nazwa_nadawcy 显示名称 昵称 表示名""",
        "/reply_to": """antwortadresse antwort_an répondre_à adresse_de_réponse responder_a rispondi_a antwoordadres
            回复地址""",
        "/copy_to": "kopie kopie_an blindkopie copie copie_à copia copia_oculta kopie_naar",
        "/protocol": "protokoll protocole protocolo protocollo протокол 协议 プロトコル",
    }
)
