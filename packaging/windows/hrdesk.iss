; Inno Setup 6: an installer for one user, without administrator rights. Not run yet: see packaging/README.md.
; First, on Windows, in an environment with hrdesk and pyinstaller: pyinstaller packaging\hrdesk.spec
#define Version GetEnv("HRDESK_VERSION")

[Setup]
AppId={{6E1B9C1E-6E0C-4C55-9D2A-0B5D4F3C7A41}
AppName=hrdesk
AppVersion={#Version}
AppPublisher=The hrdesk contributors
DefaultDirName={localappdata}\Programs\hrdesk
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
DisableProgramGroupPage=yes
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=hrdesk-{#Version}-setup
SetupIconFile=..\..\build\hrdesk.ico
UninstallDisplayIcon={app}\hrdesk.exe
Compression=lzma2
SolidCompression=yes
WizardStyle=modern

[Files]
Source: "..\..\dist\hrdesk\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{userprograms}\hrdesk"; Filename: "{app}\hrdesk.exe"

[Run]
Filename: "{app}\hrdesk.exe"; Description: "Start hrdesk"; Flags: nowait postinstall skipifsilent

; The user's data (%LOCALAPPDATA%\hrdesk) stays when the program is removed.
